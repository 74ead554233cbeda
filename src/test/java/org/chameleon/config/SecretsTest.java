package org.chameleon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://alice:hunter2@host/data/*.parquet | ftp://***@host/data/*.parquet",
        "s3a://KEY:sec/ret+1@bucket/x | s3a://***@bucket/x",
        "sftp://alice:p@ss@host/x | sftp://***@host/x",
        "https://token0123@host/x | https://***@host/x",
        "Cannot list corpus.path at ftp://a:b@h/x: no | Cannot list corpus.path at ftp://***@h/x: no",
        "https://h/x?X-Amz-Signature=abc&page=2 | https://h/x?X-Amz-Signature=***&page=2",
        "https://a.blob/x?sv=1&sig=a%2Fb | https://a.blob/x?sv=1&sig=***",
        "https://h/x?access_token=abc | https://h/x?access_token=***",
        "key AKIAIOSFODNN7EXAMPLE here | key *** here",
        "hf_abcdefghijklmnopqrstuvwxyz012345 | ***"
      })
  void secretsAreHidden(String text, String shown) {
    assertThat(Secrets.hidden(text)).isEqualTo(shown);
    assertThat(Secrets.hidden(shown)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs://namenode:8020/user/me@home/x",
    "abfss://corpus@account.dfs.core.windows.net/x",
    "wasbs://corpus@account.blob.core.windows.net/x",
    "s3a://bucket/a/b=c/x.parquet",
    "file:/data/a@b.jsonl",
    "https://host/x?page=2&size=3",
    "write to me@example.org"
  })
  void whatIsNoSecretStays(String text) {
    assertThat(Secrets.hidden(text)).isEqualTo(text);
  }

  @Test
  void theyAreHiddenAtAnyDepthOfATree() throws IOException {
    ObjectMapper json = new ObjectMapper();
    assertThat(
            Secrets.hidden(
                json.readTree(
                    "{\"corpus\": {\"domains\": {\"a\": [\"ftp://u:p@h/a\", {\"b\": \"ftp://u:p@h/b\"}]}, \"n\": 1}}")))
        .isEqualTo(
            json.readTree(
                "{\"corpus\": {\"domains\": {\"a\": [\"ftp://***@h/a\", {\"b\": \"ftp://***@h/b\"}]}, \"n\": 1}}"));
  }

  @Test
  void messagesHaveNone() {
    InvalidInputException refused = new InvalidInputException("Cannot open ftp://u:p@h/a.");
    assertThat(refused).hasMessage("Cannot open ftp://***@h/a.");
    assertThat(Failures.message(new IllegalStateException("no ftp://u:p@h/a")))
        .isEqualTo("IllegalStateException: no ftp://***@h/a");
  }
}
