package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.TinyRun;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.Precision;
import org.chameleon.sampling.KeptOut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTrainerTest {
  private static final TrainingConfig CONFIG =
      new TrainingConfig(6, 4, 1e-2, 0, 0, 1, 0.9, 0.95, Precision.FLOAT32, 10);

  @TempDir private Path folder;

  @Test
  void aDomainWithoutAWholeSequenceIsLeftOut() throws IOException {
    KeptOut all = (domain, ordinal) -> domain.equals("code");
    ProxyTrainer.Result trained = trainer(64).train(corpus(), all, made().toString());
    assertThat(trained.log().tokens()).isEqualTo(6 * 4 * 64);
    try (Stream<Path> left = Files.list(made())) {
      assertThat(
              left.map(file -> file.getFileName().toString())
                  .filter(name -> !name.endsWith(".crc")))
          .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors");
    }
  }

  @Test
  void aCorpusWithoutOneSequenceIsRefused() {
    assertThatThrownBy(() -> trainer(50_000).train(corpus(), KeptOut.NONE, made().toString()))
        .hasMessage(
            "Cannot train the proxy: the documents of no domain have 50001 tokens together. Lower"
                + " proxy.train.context.");
    assertThat(made().resolve(".sequences")).doesNotExist();
  }

  private Path made() {
    return folder.resolve("proxy");
  }

  private Corpus corpus() {
    Path written = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 1);
    return TinyRun.into(folder.resolve("run")).over(written).corpus();
  }

  private static ProxyTrainer trainer(int context) {
    TaskMetrics metrics = TaskMetrics.of(TestSpark.session().sparkContext(), "test");
    return new ProxyTrainer(
        TestSpark.session(),
        new ProxyConfig.Train(300, 2, 16, 2, context),
        CONFIG,
        new ProxyTrainer.Compute("cpu", 3, metrics));
  }
}
