package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.training.ModelState;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mixtures from everywhere, evaluated: files, grids, laws, a target, a model to continue from. */
class EvaluatedMixturesTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void writeCorpus() {
    ShortEvaluation.writeCorpus(folder);
  }

  @Test
  void weightsFromAFileAreTriedAndARecommendedMixtureIsPlanned() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, "{\"code\": 1, \"news\": 1, \"poems\": 1, \"sums\": 5}");
    TinyRun run =
        ShortEvaluation.run(folder, "file")
            .evaluate(
                ShortEvaluation.with(
                    "evaluation.candidates",
                    "[\"file:" + file + "\"]",
                    "evaluation.horizons",
                    "[1]"));
    JsonNode results = run.json("evaluation/results.json");
    assertThat(results.get("mixtures"))
        .extracting(m -> m.get("name").asText())
        .containsExactly("uniform", "proportional", "mine");
    assertThat(results.get("mixtures").get(2).get("weights").get("sums").asDouble())
        .isCloseTo(0.625, within(1e-9));
    TinyRun recommended = run.with("plan.from", "recommended").resume();
    Map<String, Double> planned = new TreeMap<>();
    recommended
        .json("plan/manifest.json")
        .get("domains")
        .forEach(d -> planned.put(d.get("name").asText(), d.get("weight").asDouble()));
    recommended
        .json("evaluation/recommendation.json")
        .get("weights")
        .fields()
        .forEachRemaining(
            w ->
                assertThat(planned.get(w.getKey()))
                    .isCloseTo(w.getValue().asDouble(), within(1e-3)));
  }

  @Test
  void aLossThatIsNotFiniteFailsTheTrialWithItsStep() {
    TinyRun wild =
        ShortEvaluation.over(folder, "wild")
            .with("training.learning-rate", "9")
            .with("training.weight-decay", "10")
            .with("training.warmup-steps", "0")
            .run();
    assertThatThrownBy(
            () ->
                wild.evaluate(
                    ShortEvaluation.with(
                        "evaluation.tokens", "20480", "evaluation.horizons", "[1]")))
        .hasMessageContaining("Cannot evaluate: no trial ended well.")
        .hasMessageContaining("the loss at step");
  }

  @Test
  void theGridAndTheLawOfATargetAreTriedBesideTheOthers() throws IOException {
    List<Row> sums =
        TinyCorpus.rows(60, 8).stream().filter(row -> row.getString(0).equals("sums")).toList();
    Path documents = TinyCorpus.parquet(sums, folder.resolve("target"), 1);
    TinyRun run =
        ShortEvaluation.run(folder, "targeted")
            .evaluate(
                ShortEvaluation.with(
                    "evaluation.target", documents.toString(),
                    "evaluation.candidates", "[computed, regmix]",
                    "evaluation.grid", "{ objective = [finetune], prior = [0.5] }",
                    "evaluation.regmix", "{ models = 16, tokens = 8192, kl-strength = 0.001 }",
                    "evaluation.horizons", "[1]"));
    JsonNode results = run.json("evaluation/results.json");
    assertThat(results.get("target").get("documents").asLong()).isEqualTo(60);
    assertThat(results.get("target").get("windows").asLong())
        .isEqualTo(
            TestSpark.session().read().parquet(run.file("evaluation/target").toString()).count());
    assertThat(results.get("regmix").get("of").asText()).isEqualTo("target");
    assertThat(results.get("regmix").get("models").asInt()).isEqualTo(16);
    assertThat(results.get("regmix").get("residual").asDouble()).isPositive();
    Map<String, JsonNode> mixtures = new TreeMap<>();
    results.get("mixtures").forEach(m -> mixtures.put(m.get("name").asText(), m));
    assertThat(mixtures.keySet())
        .containsExactly("computed", "finetune-r4-p0.5", "proportional", "regmix", "uniform");
    assertThat(mixtures.get("regmix").get("findingFlops").asDouble()).isPositive();
    double sum = 0;
    for (JsonNode weight : mixtures.get("regmix").get("weights")) {
      sum += weight.asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
    double mean = 0;
    for (JsonNode trial : results.get("trials")) {
      assertThat(trial.get("domains")).hasSize(4);
      boolean uniform = trial.get("mixture").asText().equals("uniform");
      mean += uniform ? trial.get("target").get("bitsPerByte").asDouble() / 6 : 0;
    }
    assertThat(mixtures.get("uniform").get("target").get("bitsPerByte").asDouble())
        .isCloseTo(mean, within(1e-9));
    JsonNode found = mixtures.get("regmix");
    assertThat(found.get("weights").get("sums").asDouble()).isGreaterThan(0.5);
    JsonNode against = found.get("target").get("against").get("uniform");
    assertThat(against.get("difference").asDouble())
        .isNegative()
        .isBetween(against.get("low").asDouble(), against.get("high").asDouble());
    assertThat(run.problems()).isEmpty();
    assertThat(Files.readString(run.file("report.html"))).contains("bits per byte of the target");
  }

  @Test
  void aTargetThatIsTooSmallOrNotThereIsRefused() {
    TinyRun run = ShortEvaluation.run(folder, "no-target");
    Path documents =
        TinyCorpus.parquet(TinyCorpus.rows(1, 8).subList(0, 1), folder.resolve("small"), 1);
    assertThatThrownBy(
            () -> run.evaluate(ShortEvaluation.with("evaluation.target", documents.toString())))
        .hasMessageContaining("Cannot measure on evaluation.target: 'target' (")
        .hasMessageContaining("of 1 documents");
    assertThatThrownBy(
            () -> run.evaluate(ShortEvaluation.with("evaluation.target", "/nowhere/at-all")))
        .hasMessageContaining("/nowhere/at-all");
  }

  @Test
  void domainsOfTheSameTextShowNothing() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Row row : TinyCorpus.rows(450, 4)) {
      if (row.getString(0).equals("news")) {
        rows.add(RowFactory.create("part" + rows.size() % 3, row.getString(1)));
      }
    }
    TinyCorpus.parquet(rows, folder.resolve("same"), 1);
    Path file = folder.resolve("skewed.json");
    Files.writeString(file, "{\"part0\": 0.6, \"part1\": 0.2, \"part2\": 0.2}");
    TinyRun run =
        TinyRun.into(folder.resolve("null"))
            .over(folder.resolve("same"))
            .with("corpus.held-out.fraction", "0.1")
            .run()
            .evaluate(
                ShortEvaluation.with(
                    "evaluation.candidates",
                    "[\"file:" + file + "\"]",
                    "evaluation.horizons",
                    "[1]"));
    JsonNode recommendation = run.json("evaluation/recommendation.json");
    assertThat(recommendation.get("verdict").asText()).isEqualTo("not-shown");
    assertThat(recommendation.get("mixture").asText()).isIn("uniform", "proportional");
    assertThat(recommendation.get("reasons")).isNotEmpty();
  }

  @Test
  void trialsGoOnFromAGivenModelWithFinetuningWeights() {
    TinyRun run =
        ShortEvaluation.over(folder, "finetune").with("mixture.objective", "finetune").run();
    Map<String, String> settings =
        Map.of(
            "evaluation.tokens", "1024",
            "evaluation.horizons", "[1]",
            "evaluation.seeds", "3",
            "evaluation.model.context", "16",
            "evaluation.keep-models", "true",
            "evaluation.from", Reference.path("gpt2").toString());
    JsonNode results = run.evaluate(settings).json("evaluation/results.json");
    Checkpoint given = checkpoint(Reference.path("gpt2"));
    Checkpoint trained = checkpoint(run.file("evaluation/models/computed-0-1"));
    assertThat(trained.shape()).isEqualTo(given.shape());
    assertThat(trained.tokenizer()).isEqualTo(given.tokenizer());
    assertThat(results.get("parameters").asLong())
        .isEqualTo(ModelState.read(given, new Configuration()).parameters());
    for (JsonNode mixture : results.get("mixtures")) {
      assertThat(mixture.get("perplexity")).hasSize(4);
    }
    assertThat(results.get("mixtures").get(2).get("against").get("uniform").get("byDomain"))
        .hasSize(4);
  }

  private static Checkpoint checkpoint(Path directory) {
    return Checkpoint.open(directory.toString(), TokenizerNeed.REQUIRED, new Configuration());
  }

  @Test
  void aProxyOfAnotherCorpusGivesWeightsThatAreEvaluatedOnThisOne() {
    TinyCorpus.parquet(TinyCorpus.rows(40, 9), folder.resolve("first"), 1);
    TinyRun first = TinyRun.into(folder.resolve("a")).over(folder.resolve("first")).training();
    first.run(Existing.REFUSE, Stage.EMBED);
    TinyRun second =
        ShortEvaluation.over(folder, "b")
            .with("proxy.checkpoint", first.file("proxy").toString())
            .run()
            .evaluate(ShortEvaluation.with("evaluation.horizons", "[1]"));
    JsonNode recommendation = second.json("evaluation/recommendation.json");
    assertThat(recommendation.get("verdicts").has("computed")).isTrue();
    assertThat(recommendation.get("inputs").get("mixture.json").asText()).hasSize(64);
  }
}
