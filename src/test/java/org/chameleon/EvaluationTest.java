package org.chameleon;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.run.Stage;
import org.chameleon.stages.EvaluationInputs;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs over a corpus of four domains that are evaluated, with models of a few thousand weights. */
class EvaluationTest {
  @TempDir private static Path folder;
  private static TinyRun evaluated;

  @BeforeAll
  static void evaluate() {
    ShortEvaluation.writeCorpus(folder);
    evaluated = run("run").evaluate(ShortEvaluation.SETTINGS);
  }

  private static TinyRun run(String name) {
    return ShortEvaluation.run(folder, name);
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
    Map<String, String> keeping = ShortEvaluation.with("evaluation.keep-models", "true");
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
        .forEach(
            trial ->
                trials.add(((ObjectNode) trial.deepCopy()).without(List.of("seconds", "model"))));
    return trials;
  }

  @ParameterizedTest
  @ValueSource(strings = {"layers", "width", "heads", "context"})
  void theSizesOfTheModelsAreAnInput(String size) {
    TinyRun other = evaluated.with("proxy.train." + size, size.equals("width") ? "96" : "16");
    assertThat(inputs(other)).isNotEqualTo(inputs(evaluated));
    assertThat(inputs(evaluated.with("report.title", "Another"))).isEqualTo(inputs(evaluated));
  }

  private static String inputs(TinyRun run) {
    List<Object> all = evaluationInputs(run).all(run.corpus(), Optional.empty());
    return Json.text(Json.configuration(all));
  }

  private static EvaluationInputs evaluationInputs(TinyRun run) {
    return new EvaluationInputs(run.config(), run.directory(), new Configuration());
  }

  @ParameterizedTest
  @MethodSource("unreadableWeights")
  void weightsThatCannotBeReadAreNamedWithWhatIsWrong(byte[] content, String why)
      throws IOException {
    Path file = Files.write(folder.resolve("weights.json"), content);
    TinyRun given = evaluated.with("evaluation.candidates", "[\"file:" + file + "\"]");
    assertThatThrownBy(() -> evaluationInputs(given).given())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("file:" + file)
        .hasMessageContaining(why);
  }

  static Stream<Arguments> unreadableWeights() throws IOException {
    String weights = "{\"code\": 1, \"news\": 1, \"poems\": 1, \"sums\": 1}";
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(weights.getBytes(UTF_8));
    }
    String remedy = "Correct the file, or remove it from evaluation.candidates.";
    return Stream.of(
        Arguments.of(compressed.toByteArray(), " is gzip; give the text itself."),
        Arguments.of(weights.getBytes(UTF_16), " is UTF-16 text; save it as UTF-8."),
        Arguments.of(weights.getBytes(UTF_16LE), " is UTF-16 text; save it as UTF-8."),
        Arguments.of("{\"code\": 1,".getBytes(UTF_8), ": not JSON (Unexpected end-of-input"),
        Arguments.of("{\"code\": 1,".getBytes(UTF_8), remedy),
        Arguments.of((weights + "\n" + weights).getBytes(UTF_8), ": not JSON (Trailing token"),
        Arguments.of((weights + "\n" + weights).getBytes(UTF_8), remedy));
  }

  @Test
  void whatAnEvaluationReadsDoesNotLieWhereItWrites() throws IOException {
    String before = Files.readString(evaluated.file("run.json"));
    String model = evaluated.file("evaluation/models/uniform-0-1").toString();
    String weights = "file:" + evaluated.file("evaluation/recommendation.json");
    assertThatThrownBy(() -> evaluated.evaluate(Map.of("evaluation.from", model)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("evaluation.from is " + model + ", which lies in it.");
    assertThatThrownBy(
            () -> evaluated.evaluate(Map.of("evaluation.candidates", "[\"" + weights + "\"]")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("evaluation.candidates is " + weights + ", which lies in it.");
    assertThat(evaluated.file("run.json")).hasContent(before);
  }

  @Test
  void whatCannotBeEvaluatedIsRefusedByName() {
    TinyRun refused = run("refused");
    assertThatThrownBy(() -> refused.evaluate(Map.of("mixture.lambda", "3")))
        .hasMessageContaining("mixture is not as the run had it");
    assertThatThrownBy(
            () -> refused.evaluate(ShortEvaluation.with("evaluation.model.context", "1000")))
        .hasMessageContaining("corpus.held-out.fraction")
        .hasMessageContaining("'code'");
    assertThatThrownBy(
            () ->
                refused.evaluate(
                    ShortEvaluation.with(
                        "evaluation.tokens", "10000000", "evaluation.simulate-epochs", "false")))
        .hasMessageContaining("The largest evaluation.tokens that works is about");
    assertThatThrownBy(
            () ->
                refused.evaluate(
                    ShortEvaluation.with("evaluation.candidates", "[\"file:/nowhere.json\"]")))
        .hasMessageContaining("nowhere.json");
    assertThatThrownBy(
            () -> refused.evaluate(ShortEvaluation.with("evaluation.candidates", "[compute]")))
        .hasMessageContaining("'compute'");
    TinyRun never = TinyRun.into(folder.resolve("never")).over(folder.resolve("corpus"));
    never.run(Existing.REFUSE, Stage.SAMPLE);
    assertThatThrownBy(() -> never.evaluate(ShortEvaluation.SETTINGS))
        .hasMessageContaining("stage mix has not ended");
  }
}
