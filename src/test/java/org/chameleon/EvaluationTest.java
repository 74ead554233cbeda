package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
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

/** Runs over a corpus of four domains that are evaluated, with models of a few thousand weights. */
class EvaluationTest {
  private static final Map<String, String> SHORT =
      Map.of(
          "evaluation.tokens", "2048",
          "evaluation.horizons", "[1, 2]",
          "evaluation.seeds", "3",
          "evaluation.model", "{ layers = 1, width = 16, heads = 2, context = 16 }");

  @TempDir private static Path folder;
  private static TinyRun evaluated;

  @BeforeAll
  static void evaluate() {
    TinyCorpus.parquet(TinyCorpus.rows(150, 1), folder.resolve("corpus"), 2);
    evaluated = run("run").evaluate(SHORT);
  }

  private static TinyRun run(String name) {
    return TinyRun.into(folder.resolve(name))
        .over(folder.resolve("corpus"))
        .with("corpus.held-out.fraction", "0.1")
        .run();
  }

  private static Map<String, String> with(String... more) {
    Map<String, String> all = new TreeMap<>(SHORT);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void everyTrialIsThereWithWhatItDrewAndLost() {
    JsonNode results = evaluated.json("evaluation/results.json");
    assertThat(results.get("metric").asText()).isEqualTo("bitsPerByte");
    // Six of each baseline, three of the computed mixture, at two horizons.
    assertThat(results.get("trials")).hasSize(2 * (6 + 6 + 3));
    Map<String, JsonNode> weights = new TreeMap<>();
    results.get("mixtures").forEach(m -> weights.put(m.get("name").asText(), m.get("weights")));
    for (JsonNode trial : results.get("trials")) {
      long tokens = trial.get("tokens").asLong();
      assertThat(tokens).isEqualTo(2048L * trial.get("horizon").asInt());
      trial
          .get("drawn")
          .fields()
          .forEachRemaining(
              drawn ->
                  assertThat(drawn.getValue().asDouble() / tokens)
                      .isCloseTo(
                          weights.get(trial.get("mixture").asText()).get(drawn.getKey()).asDouble(),
                          within(16.0 / tokens)));
      for (JsonNode domain : trial.get("domains")) {
        double nats = domain.get("nats").asDouble();
        assertThat(domain.get("bitsPerByte").asDouble())
            .isCloseTo(nats / Math.log(2) / domain.get("bytes").asDouble(), within(1e-12));
        assertThat(domain.get("perplexity").asDouble())
            .isCloseTo(Math.exp(nats / domain.get("tokens").asDouble()), within(1e-9));
        assertThat(domain.get("windows").asInt() * 16).isEqualTo(domain.get("tokens").asInt());
      }
    }
    assertThat(evaluated.problems()).isEmpty();
    assertThat(evaluated.statuses())
        .containsKey("evaluate")
        .doesNotContainValue("stale")
        .doesNotContainValue("failed");
    assertThat(evaluated.file(".evaluation")).doesNotExist();
  }

  @Test
  void whatWasMeasuredOnIsThere() {
    long windows = 0;
    for (Row row :
        TestSpark.session()
            .read()
            .parquet(evaluated.file("evaluation/held-out").toString())
            .collectAsList()) {
      assertThat(row.getList(row.fieldIndex("ids"))).hasSize(17);
      assertThat(row.getLong(row.fieldIndex("bytes"))).isPositive();
      windows++;
    }
    JsonNode counts = evaluated.json("evaluation/results.json").get("heldOut");
    assertThat(counts.get("windows").asLong()).isEqualTo(windows);
    assertThat(counts.get("documents").asLong()).isEqualTo(4 * 15);
  }

  @Test
  void theVerdictStandsInPlanAndReportAndIsKeptUntilTheMixtureChanges() {
    JsonNode recommendation = evaluated.json("evaluation/recommendation.json");
    assertThat(recommendation.get("verdict").asText()).isIn("better", "not-shown", "worse");
    assertThat(recommendation.get("weights")).hasSize(4);
    JsonNode evidence = evaluated.json("plan/manifest.json").get("evidence");
    assertThat(evidence.get("mixture").asText()).isEqualTo("computed");
    assertThat(evidence.get("verdict").asText())
        .isEqualTo(recommendation.get("verdicts").get("computed").asText());
    evaluated.resume();
    assertThat(evaluated.statuses())
        .containsEntry("evaluate", "reused")
        .containsEntry("plan", "reused")
        .containsEntry("report", "reused");
    assertThat(evaluated.problems()).isEmpty();
    TinyRun other = evaluated.with("mixture.max-ratio", "2").resume();
    assertThat(other.statuses()).containsEntry("evaluate", "stale").containsEntry("plan", "done");
    assertThat(other.json("plan/manifest.json").get("evidence").isNull()).isTrue();
    evaluated.resume();
    assertThat(evaluated.json("plan/manifest.json").get("evidence")).isEqualTo(evidence);
  }

  @Test
  void aTrialIsTheSameToTheLastBitAlsoWhereAnAttemptWasCutOff() throws IOException {
    TinyRun cut = run("cut");
    Map<String, String> keeping = with("evaluation.keep-models", "true");
    TrialsCutOff listener = new TrialsCutOff(7);
    TestSpark.session().sparkContext().addSparkListener(listener);
    assertThatThrownBy(() -> cut.evaluate(keeping)).hasMessageContaining("cancelled");
    TestSpark.session().sparkContext().removeSparkListener(listener);
    assertThat(cut.statuses()).containsEntry("evaluate", "failed").containsEntry("plan", "done");
    Path ended = cut.file(".evaluation/trials");
    assertThat(jsonFiles(ended)).isBetween(5L, 29L);
    cut.evaluate(keeping);
    assertThat(trials(cut)).isEqualTo(trials(evaluated));
    assertThat(cut.problems()).isEmpty();
    Path model = cut.file("evaluation/models/uniform-5-2");
    assertThat(
            Checkpoint.open(model.toString(), TokenizerNeed.REQUIRED, new Configuration())
                .shape()
                .layers())
        .isEqualTo(1);
  }

  /** Cancels the trials when some have ended, as the death of the driver would. */
  private static final class TrialsCutOff extends SparkListener {
    private final int after;
    private int ended;

    TrialsCutOff(int after) {
      this.after = after;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      boolean trial = end.taskInfo().duration() > 0 && stages.contains(end.stageId());
      ended += trial ? 1 : 0;
      if (ended == after) {
        TestSpark.session().sparkContext().cancelJobGroup("evaluate");
      }
    }

    private final Set<Integer> stages = new HashSet<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      if (submitted.stageInfo().numTasks() == 30) {
        stages.add(submitted.stageInfo().stageId());
      }
    }
  }

  private static long jsonFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .count();
    }
  }

  /** What trials came to, but for the time they took. */
  private static List<JsonNode> trials(TinyRun run) {
    List<JsonNode> trials = new ArrayList<>();
    run.json("evaluation/results.json")
        .get("trials")
        .forEach(trial -> trials.add(((ObjectNode) trial.deepCopy()).without("seconds")));
    return trials;
  }

  @Test
  void weightsFromAFileAreTriedAndARecommendedMixtureIsPlanned() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, "{\"code\": 1, \"news\": 1, \"poems\": 1, \"sums\": 5}");
    TinyRun run =
        run("file")
            .evaluate(
                with(
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
        TinyRun.into(folder.resolve("wild"))
            .over(folder.resolve("corpus"))
            .with("corpus.held-out.fraction", "0.1")
            .with("training.learning-rate", "9")
            .with("training.weight-decay", "10")
            .with("training.warmup-steps", "0")
            .run();
    assertThatThrownBy(
            () -> wild.evaluate(with("evaluation.tokens", "20480", "evaluation.horizons", "[1]")))
        .hasMessageContaining("Cannot evaluate: no trial ended well.")
        .hasMessageContaining("the loss at step");
  }

  @Test
  void theGridAndTheLawAreTriedBesideTheOthers() {
    TinyRun run =
        run("grid")
            .evaluate(
                with(
                    "evaluation.candidates", "[computed, regmix]",
                    "evaluation.grid", "{ objective = [finetune], prior = [0.5] }",
                    "evaluation.regmix", "{ models = 6, tokens = 512 }",
                    "evaluation.horizons", "[1]"));
    JsonNode results = run.json("evaluation/results.json");
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
                with(
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
        TinyRun.into(folder.resolve("finetune"))
            .over(folder.resolve("corpus"))
            .with("corpus.held-out.fraction", "0.1")
            .with("mixture.objective", "finetune")
            .run();
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
        TinyRun.into(folder.resolve("b"))
            .over(folder.resolve("corpus"))
            .with("corpus.held-out.fraction", "0.1")
            .with("proxy.checkpoint", first.file("proxy").toString())
            .run()
            .evaluate(with("evaluation.horizons", "[1]"));
    JsonNode recommendation = second.json("evaluation/recommendation.json");
    assertThat(recommendation.get("verdicts").has("computed")).isTrue();
    assertThat(recommendation.get("inputs").get("mixture.json").asText()).hasSize(64);
  }

  @Test
  void whatCannotBeEvaluatedIsRefusedByName() {
    TinyRun refused = run("refused");
    assertThatThrownBy(() -> refused.evaluate(Map.of("mixture.lambda", "3")))
        .hasMessageContaining("mixture is not as the run had it");
    assertThatThrownBy(() -> refused.evaluate(with("evaluation.model.context", "1000")))
        .hasMessageContaining("corpus.held-out.fraction")
        .hasMessageContaining("'code'");
    assertThatThrownBy(
            () ->
                refused.evaluate(
                    with("evaluation.tokens", "10000000", "evaluation.simulate-epochs", "false")))
        .hasMessageContaining("The largest evaluation.tokens that works is about");
    assertThatThrownBy(
            () -> refused.evaluate(with("evaluation.candidates", "[\"file:/nowhere.json\"]")))
        .hasMessageContaining("nowhere.json");
    assertThatThrownBy(() -> refused.evaluate(with("evaluation.candidates", "[compute]")))
        .hasMessageContaining("'compute'");
    TinyRun never = TinyRun.into(folder.resolve("never")).over(folder.resolve("corpus"));
    never.run(Existing.REFUSE, Stage.SAMPLE);
    assertThatThrownBy(() -> never.evaluate(SHORT)).hasMessageContaining("stage mix has not ended");
  }
}
