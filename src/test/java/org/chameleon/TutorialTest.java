package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quick start as a story: from a corpus of four domains to weights, a manifest and a report.
 * Read this test first.
 */
class TutorialTest {
  @TempDir private Path folder;

  @Test
  void aCorpusBecomesAMixture() throws Exception {
    // A corpus: Parquet files with a column of text and a column that names the domain.
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("corpus"), 2);

    // A configuration: the difference from reference.conf.
    Path config = folder.resolve("run.conf");
    Files.writeString(
        config,
        """
        chameleon {
          output = "%s"
          corpus { path = "%s" }
          sample { windows-per-domain = 40, window-tokens = 32 }
          proxy { train { vocabulary = 400, layers = 2, width = 32, heads = 2, context = 32 } }
          training { steps = 80, batch = 8, warmup-steps = 10 }
          plan { tokens = 20000, paths { megatron = "/data/{domain}", huggingface = "/data/{domain}/*.parquet" } }
        }
        """
            .formatted(folder.resolve("run"), corpus));

    // A run: a tokenizer and a proxy are trained, windows sampled, embedded, averaged, and weighed.
    RunConfig run = RunConfig.load(config.toString(), Map.of(), new Configuration());
    TinyRun.run(run, Existing.REFUSE, Stage.REPORT);

    // Its results: weights that sum to one, none more than four times another.
    JsonNode mixture = new ObjectMapper().readTree(folder.resolve("run/mixture.json").toFile());
    double sum = 0;
    for (JsonNode domain : mixture.get("domains")) {
      sum += domain.get("weight").asDouble();
      assertThat(domain.get("weightLow").asDouble())
          .isLessThanOrEqualTo(domain.get("weight").asDouble());
      assertThat(domain.get("samples").asLong()).isEqualTo(40);
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat(mixture.get("domains").findValuesAsText("name"))
        .containsExactly("code", "news", "poems", "sums");

    // A plan in whole tokens, and the files that trainers read.
    JsonNode manifest =
        new ObjectMapper().readTree(folder.resolve("run/plan/manifest.json").toFile());
    long tokens = 0;
    for (JsonNode domain : manifest.get("domains")) {
      tokens += domain.get("tokens").asLong();
    }
    assertThat(tokens).isEqualTo(20000);
    assertThat(folder.resolve("run/plan/exports/megatron.txt")).content().contains(" /data/code\n");
    assertThat(folder.resolve("run/report.html")).content().contains("<svg").contains("poems");

    // The proxy has learnt something, and every file is as recorded.
    JsonNode training =
        new ObjectMapper().readTree(folder.resolve("run/proxy/training.json").toFile());
    assertThat(training.get("finalLoss").asDouble())
        .isLessThan(training.get("unigramEntropy").asDouble());
    assertThat(TinyRun.into(folder.resolve("run")).problems()).isEmpty();
  }
}
