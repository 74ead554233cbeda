package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chameleon.run.Stage.COUNT;
import static org.chameleon.run.Stage.EMBED;
import static org.chameleon.run.Stage.MIX;
import static org.chameleon.run.Stage.PLAN;
import static org.chameleon.run.Stage.REPORT;
import static org.chameleon.run.Stage.SAMPLE;
import static org.chameleon.run.Stage.TRAIN;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.corpus.Corpus;
import org.chameleon.run.Stage;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which stages each key of the configuration makes run again by itself; those behind them follow,
 * but for the count of tokens, which depends on no other stage.
 */
class StageInputsTest {
  @TempDir private static Path folder;

  private static TinyRun base;

  /** Settings that change a key, and the stages that then have other inputs. */
  private record Change(Map<String, String> settings, Set<Stage> stages) {}

  private final Map<String, Change> changes = new TreeMap<>();

  @BeforeAll
  static void corpus() {
    TinyCorpus.parquet(TinyCorpus.rows(5, 1), folder.resolve("corpus"), 1);
    base =
        TinyRun.into(folder.resolve("run"))
            .over(folder.resolve("corpus"))
            .with("proxy.checkpoint", "none")
            .with("plan.count", "exact");
  }

  private void expect(String key, String value, Stage... stages) {
    expect(key, Map.of(key, value), stages);
  }

  private void expect(String key, Map<String, String> settings, Stage... stages) {
    Set<Stage> expected = EnumSet.noneOf(Stage.class);
    expected.addAll(Arrays.asList(stages));
    changes.put(key, new Change(settings, expected));
  }

  private void expectAll(String section, Map<String, String> values, Stage... stages) {
    values.forEach((key, value) -> expect(section + "." + key, value, stages));
  }

  @Test
  void everyKeySaysWhatItMakesRunAgain() {
    expect("output", "elsewhere", PLAN);
    expect("seed", "5", TRAIN, SAMPLE, MIX, PLAN);
    corpusAndSample();
    proxy();
    mixtureAndPlan();
    expect("report.title", "Another", REPORT);

    Set<String> keys = keys();
    assertThat(changes.keySet()).containsExactlyInAnyOrderElementsOf(keys);
    Map<String, Set<Stage>> found = new TreeMap<>();
    Map<String, Set<Stage>> expected = new TreeMap<>();
    changes.forEach(
        (key, change) -> {
          found.put(key, changed(change.settings()));
          expected.put(key, change.stages());
        });
    assertThat(found).isEqualTo(expected);
  }

  private void corpusAndSample() {
    Stage[] readers = {TRAIN, SAMPLE, COUNT, PLAN};
    expect("corpus.path", folder + "/corpus/*.parquet", readers);
    expect(
        "corpus.domains",
        Map.of("corpus.path", "none", "corpus.domains", "{ a = \"" + folder + "/corpus\" }"),
        readers);
    expectAll(
        "corpus",
        Map.of(
            "domain-column", "source",
            "text-column", "body",
            "tokens-column", "ids",
            "bad-rows", "skip"),
        readers);
    expectAll(
        "sample",
        Map.of(
            "windows-per-domain", "7",
            "window-tokens", "9",
            "span", "document",
            "unit", "documents",
            "allow-fewer", "true",
            "documents-per-window", "9"),
        SAMPLE);
  }

  private void proxy() {
    expect("proxy.checkpoint", Reference.path("gpt2").toString(), TRAIN);
    expectAll(
        "proxy.train",
        Map.of("vocabulary", "300", "layers", "2", "width", "96", "heads", "2", "context", "64"),
        TRAIN);
    expectAll(
        "training",
        Map.of(
            "steps", "7",
            "batch", "7",
            "learning-rate", "0.1",
            "warmup-steps", "7",
            "weight-decay", "0",
            "clip-norm", "7",
            "beta1", "0.5",
            "beta2", "0.5",
            "precision", "float32",
            "tokenizer-documents", "7"),
        TRAIN);
    expectAll(
        "embedding", Map.of("layer", "1", "precision", "float32", "batch-tokens", "7"), EMBED);
    expect("embedding.device", "cpu", TRAIN, EMBED);
    expectAll("embedding", Map.of("gpus-per-task", "0.5", "partitions", "7"));
    expect(
        "embedding.from",
        Map.of("embedding.from", "elsewhere/*.parquet", "plan.tokenizer", "target"),
        EMBED,
        COUNT,
        PLAN);
  }

  private void mixtureAndPlan() {
    expectAll(
        "mixture",
        Map.of(
            "objective", "finetune",
            "lambda", "7",
            "lambda-mode", "absolute",
            "temperature", "7",
            "temperature-mode", "absolute",
            "normalize-scores", "false",
            "max-ratio", "none"),
        MIX);
    expectAll(
        "plan",
        Map.of(
            "tokens", "7",
            "sequence-length", "7",
            "max-epochs", "7",
            "floor", "0.01",
            "ceiling", "0.7",
            "domains", "{ code { floor = 0.1 } }",
            "count", "given",
            "exports", "[trl]",
            "paths", "{ mosaic = \"/{domain}\" }",
            "prior.kind", "uniform"),
        PLAN);
    expectAll("plan.prior", Map.of("strength", "0.7", "temperature", "7"), PLAN);
    expect(
        "plan.prior.shares",
        Map.of("plan.prior.kind", "given", "plan.prior.shares", "{ code = 1 }"),
        PLAN);
    expect("plan.tokenizer", "target", COUNT, PLAN);
  }

  private static Set<String> keys() {
    return ConfigFactory.parseResources("reference.conf").getConfig("chameleon").entrySet().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Returns the stages that a configuration goes through with inputs of its own. */
  private static Set<Stage> changed(Map<String, String> settings) {
    TinyRun other = base;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      other = other.with(setting.getKey(), setting.getValue());
    }
    RunConfig after = other.config();
    Map<Stage, String> then = inputs(after, settings.getOrDefault("output", "run"));
    Map<Stage, String> before = inputs(base.config(), "run");
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (Stage stage : after.stages()) {
      if (!then.get(stage).equals(before.get(stage))) {
        stages.add(stage);
      }
    }
    return stages;
  }

  private static Map<Stage, String> inputs(RunConfig config, String output) {
    StageInputs inputs = new StageInputs(config);
    Corpus corpus = Corpus.open(TestSpark.session(), config.corpus());
    String tokenizer = config.plan().tokenizer().orElse("the proxy's");
    Map<Stage, List<Object>> all = new TreeMap<>();
    all.put(TRAIN, inputs.proxy(corpus, new Configuration()));
    all.put(SAMPLE, inputs.windows(corpus));
    all.put(
        EMBED, config.embedding().from().<List<Object>>map(List::of).orElse(inputs.embeddings()));
    all.put(MIX, inputs.mixture());
    all.put(COUNT, inputs.tokens(corpus, tokenizer));
    all.put(PLAN, inputs.plan(output + "/plan/exports", tokenizer));
    all.put(REPORT, inputs.report());
    Map<Stage, String> texts = new TreeMap<>();
    all.forEach((stage, input) -> texts.put(stage, Json.text(Json.configuration(input))));
    return texts;
  }

  @Test
  void aCountOfSomeDocumentsDependsOnWhich() {
    TinyRun estimate = base.with("plan.count", "estimate").with("plan.tokenizer", "target");
    String before = inputs(estimate.config(), "run").get(COUNT);
    for (String key : List.of("seed", "sample.windows-per-domain", "sample.documents-per-window")) {
      assertThat(inputs(estimate.with(key, "5").config(), "run").get(COUNT)).isNotEqualTo(before);
    }
    assertThat(inputs(estimate.with("sample.span", "document").config(), "run").get(COUNT))
        .isEqualTo(before);
  }
}
