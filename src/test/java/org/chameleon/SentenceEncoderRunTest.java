package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose proxy is a sentence encoder with its model in a folder of its own. */
class SentenceEncoderRunTest {
  @TempDir Path folder;

  @Test
  void itsModulesAreCopiedAndReadAndItsTokensArePlanned() throws IOException {
    Path encoder = folder.resolve("encoder");
    SentenceEncoderFiles.model(encoder.resolve("0_Transformer"));
    SentenceEncoderFiles.modules(encoder, "0_Transformer");
    TinyRun run =
        TinyRun.withCorpus(folder)
            .with("proxy.checkpoint", encoder.toString())
            .with("plan.count", "exact")
            .run();
    assertThat(run.problems()).isEmpty();
    assertThat(run.file("proxy/0_Transformer/tokenizer.json")).exists();
    assertThat(run.file("proxy/2_Dense/model.safetensors")).exists();
    assertThat(run.stage("embed").get("reading").asText())
        .isEqualTo("hidden state 4, cls, 1 dense, normalized, with 3 special tokens");
    assertThat(run.json("plan/manifest.json").get("domains").get(0).get("availableTokens").asLong())
        .isPositive();
    for (Row row :
        TestSpark.session()
            .read()
            .parquet(run.file("embedding/samples").toString())
            .collectAsList()) {
      double[] embedding = row.<Float>getList(2).stream().mapToDouble(Float::doubleValue).toArray();
      assertThat(embedding).hasSize(2);
      assertThat(Math.abs(Math.hypot(embedding[0], embedding[1]) - 1)).isLessThan(1e-5);
    }
    assertThat(run.resume().statuses()).containsValue("reused").doesNotContainValue("done");
  }
}
