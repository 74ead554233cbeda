package org.chameleon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is never written down, and what is left as it is. */
class SecretsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://key:secret@bucket/corpus | s3a://***@bucket/corpus",
        "s3a://key:se/cr+et@bucket/corpus | s3a://***@bucket/corpus",
        "s3a://key:se@cret@bucket/corpus | s3a://***@bucket/corpus",
        "s3a://key:a/b@c@bucket/corpus | s3a://***@bucket/corpus",
        "s3a://key:7/Qx@bucket/a | s3a://***@bucket/a",
        "gs://key:8020/Q@x@bucket/a | gs://***@bucket/a",
        "ftp://me:a\"b@host/corpus | ftp://***@host/corpus",
        "s3a://key@bucket/corpus | s3a://***@bucket/corpus",
        "s3a://:secret@bucket | s3a://***@bucket",
        "https://me:123456@host:8443/a | https://***@host:8443/a",
        "jdbc:postgresql://me:pw@host:5432/db | jdbc:postgresql://***@host:5432/db",
        "abfss://me:secret@account.dfs.core.windows.net/a | abfss://***@account.dfs.core.windows.net/a",
        "from s3a://a:b@c/d to s3a://e:f@g/h. | from s3a://***@c/d to s3a://***@g/h.",
      })
  void whoLogsInIsHidden(String text, String hidden) {
    assertThat(Secrets.hidden(text)).isEqualTo(hidden);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://name:8020/user@site/corpus",
        "hdfs://nn:8020/a/x@b",
        "http://host:8080/a@b and more",
        "s3a://bucket/mail@example.org/part-*.parquet",
        "file:/data/a@b:c",
        "/data/{domain}/me@here",
        "abfss://corpus@account.dfs.core.windows.net/a@b",
        "wasbs://corpus@account.blob.core.windows.net/a",
        "oci://bucket@namespace/a",
        "https://host/a?version=3&page=2",
        "write to somebody@example.org",
        "hf_short and AKIA too",
      })
  void whatIsNoSecretStays(String text) {
    assertThat(Secrets.hidden(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://a/b?sv=1&sig=x%2By%3D&se=2 | https://a/b?sv=1&sig=***&se=2",
        "https://a/b?X-Amz-Signature=12ab&X-Amz-Date=3 | https://a/b?X-Amz-Signature=***&X-Amz-Date=3",
        "https://a/b?X-Amz-Security-Token=12ab | https://a/b?X-Amz-Security-Token=***",
        "https://a/b?X-Amz-Credential=AK/2026/s3 | https://a/b?X-Amz-Credential=***",
        "https://a/b?access_key=q&n=1 | https://a/b?access_key=***&n=1",
        "jdbc:x://h/d?user=me&password=pw | jdbc:x://h/d?user=me&password=***",
        "Cannot read https://a/b?token=q: 403 | Cannot read https://a/b?token=*** 403",
      })
  void signaturesAndTokensOfAQueryAreHidden(String text, String hidden) {
    assertThat(Secrets.hidden(text)).isEqualTo(hidden);
  }

  @Test
  void accessKeysAreHiddenWhereverTheyStand() {
    assertThat(Secrets.hidden("key AKIAIOSFODNN7EXAMPLE, role ASIAIOSFODNN7EXAMPLE"))
        .isEqualTo("key ***, role ***");
    assertThat(Secrets.hidden("hf_" + "a1B2".repeat(9) + " and ghp_" + "z".repeat(36)))
        .isEqualTo("*** and ***");
  }

  @Test
  void aHiddenTextStaysAsItIs() {
    String hidden = Secrets.hidden("s3a://key:secret@bucket/a?token=b AKIAIOSFODNN7EXAMPLE");
    assertThat(Secrets.hidden(hidden)).isEqualTo(hidden);
    assertThat(Secrets.hidden((String) null)).isNull();
  }

  @Test
  void textsOfATreeAreHiddenAtAnyDepth() throws IOException {
    assertThat(
            Secrets.hidden(
                json(
                    "{'a': ['s3a://k:s@b/x', {'s3a://k:s@b': ['u?sig=1', 2, null, true]}],"
                        + " 'n': 0.29, 'none': null, 'empty': {}}")))
        .isEqualTo(
            json(
                "{'a': ['s3a://***@b/x', {'s3a://***@b': ['u?sig=***', 2, null, true]}],"
                    + " 'n': 0.29, 'none': null, 'empty': {}}"));
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  @Test
  void messagesHideThem() {
    InvalidInputException refusal =
        new InvalidInputException("Cannot read s3a://k:s@b/x.", new IOException("403"));
    assertThat(refusal).hasMessage("Cannot read s3a://***@b/x.");
    assertThat(new ConfigurationException(List.of("no file s3a://k:s@b/x")))
        .hasMessage("Cannot use the configuration: no file s3a://***@b/x");
    assertThat(Failures.message(new IllegalStateException("task 3", refusal)))
        .isEqualTo("Cannot read s3a://***@b/x.");
    assertThat(Failures.message(new IOException("403", new IOException("https://a?sig=b"))))
        .isEqualTo("https://a?sig=***");
  }

  @Test
  void textsTellWhetherTheyHadSecrets() {
    assertThat(Secrets.areIn(List.of("s3a://bucket/x", "y"))).isFalse();
    assertThat(Secrets.areIn(List.of("y", "s3a://k:s@bucket/x"))).isTrue();
    assertThat(Secrets.areIn(List.of("s3a://***@bucket/x"))).isTrue();
    assertThat(Secrets.wereIn("s3a://***@bucket/x")).isTrue();
    assertThat(Secrets.wereIn("s3a://k:s@bucket/x")).isFalse();
  }
}
