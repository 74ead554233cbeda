package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.chameleon.Python;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.TinyRun;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Precision;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy trained here, looked at with transformers. */
@Tag("interop")
class ProxyInteropTest {
  @TempDir private Path folder;

  @Test
  void transformersLoadsTheProxyAndFindsTheSame() throws Exception {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(100, 1), folder.resolve("corpus"), 2);
    TinyRun.into(folder.resolve("run"))
        .over(corpus)
        .with("sample", "{ windows-per-domain = 40, window-tokens = 48 }")
        .with("proxy.checkpoint", "none")
        .with(
            "proxy.train", "{ vocabulary = 500, layers = 3, width = 64, heads = 4, context = 64 }")
        .with("training", "{ steps = 120, batch = 8, precision = float32 }")
        .with("embedding", "{ precision = float32 }")
        .run(Existing.REFUSE, Stage.EMBED);

    JsonNode found =
        new ObjectMapper()
            .readTree(Python.lastLine("model", "check_proxy.py", folder.resolve("run")));
    assertThat(found.get("windows").asInt()).isEqualTo(160);
    assertThat(found.get("wrong").asInt()).isZero();
    assertThat(found.get("worst").asDouble()).isLessThan(3e-5);
    double ours = Math.exp(loss());
    assertThat(found.get("perplexity").asDouble()).isCloseTo(ours, within(0.01 * ours));
    assertThat(ours).isLessThan(100);
  }

  @Test
  void transformersMeasuresATrialAsItWasMeasuredHere() throws Exception {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(150, 1), folder.resolve("documents"), 2);
    TinyRun run =
        TinyRun.into(folder.resolve("evaluated"))
            .over(corpus)
            .training()
            .with("corpus.held-out.fraction", "0.1")
            .run()
            .evaluate(
                Map.of(
                    "evaluation.tokens", "30000",
                    "evaluation.horizons", "[1]",
                    "evaluation.seeds", "3",
                    "evaluation.candidates", "none",
                    "evaluation.keep-models", "true"));
    JsonNode found =
        new ObjectMapper()
            .readTree(Python.lastLine("model", "check_trial.py", run.file(""), "proportional-4-1"));
    JsonNode trial = null;
    for (JsonNode one : run.json("evaluation/results.json").get("trials")) {
      boolean same =
          one.get("mixture").asText().equals("proportional") && one.get("seed").asInt() == 4;
      trial = same ? one : trial;
    }
    assertThat(trial.get("domains")).hasSize(4);
    for (JsonNode domain : trial.get("domains")) {
      JsonNode theirs = found.get(domain.get("name").asText());
      double ours = domain.get("perplexity").asDouble();
      assertThat(theirs.get("perplexity").asDouble()).isCloseTo(ours, within(1e-4 * ours));
      assertThat(ours).isLessThan(200);
      assertThat(domain.get("bytes")).isEqualTo(theirs.get("bytes"));
      assertThat(theirs.get("decoded").asDouble())
          .isCloseTo(theirs.get("bytes").asDouble(), within(1.0));
    }
  }

  private double loss() {
    List<int[]> windows = new ArrayList<>();
    for (Row row :
        TestSpark.session()
            .read()
            .parquet(folder + "/run/sample/windows")
            .select("ids")
            .collectAsList()) {
      windows.add(row.<Integer>getList(0).stream().mapToInt(Integer::intValue).toArray());
    }
    Configuration hadoop = new Configuration();
    Checkpoint checkpoint = Checkpoint.open(folder + "/run/proxy", TokenizerNeed.REQUIRED, hadoop);
    ModelState state = ModelState.read(checkpoint, hadoop);
    try (CausalTrainer trainer =
        new CausalTrainer(checkpoint.shape(), state, Precision.FLOAT32, ComputeDevice.CPU)) {
      return trainer.loss(windows);
    }
  }
}
