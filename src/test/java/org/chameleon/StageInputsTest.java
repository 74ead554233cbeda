package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chameleon.run.Stage.COUNT;
import static org.chameleon.run.Stage.PLAN;
import static org.chameleon.run.Stage.TRAIN;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.model.Tokenizer;
import org.chameleon.run.Stage;
import org.chameleon.stages.StageInputs;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which stages every key of the configuration is an input of: they run again when it changes, and
 * with them those behind.
 */
class StageInputsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final String TOKENIZER = Reference.path("gpt2").toString();
  private static final Map<CorpusConfig, Corpus> CORPORA = new HashMap<>();

  @TempDir private static Path folder;
  private static KeyChanges changes;

  @BeforeAll
  static void corpora() throws IOException {
    TinyCorpus.parquet(TinyCorpus.rows(3, 1), folder.resolve("corpus"), 1);
    TinyCorpus.parquet(TinyCorpus.rows(3, 2), folder.resolve("other"), 1);
    TestSpark.session()
        .sql("select 'a' as domain, array(1.0f, 2.0f) as embedding")
        .write()
        .parquet(folder.resolve("embeddings").toString());
    ModuleFile.write(folder.resolve("module"), ModuleFile.HEEDS_MASK);
    changes = new KeyChanges(folder);
  }

  private static Set<String> keys() {
    return changes.keys();
  }

  @Test
  void everyKeyIsInTheTable() {
    Config all = ConfigFactory.parseResources("reference.conf").getConfig("chameleon");
    assertThat(keys())
        .containsExactlyInAnyOrderElementsOf(
            all.entrySet().stream().map(Map.Entry::getKey).toList());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aKeyIsAnInputOfTheStagesWhoseOutputItChanges(String key) {
    KeyChanges.Change change = changes.of(key);
    TinyRun before = with(trained(), change.before());
    TinyRun after = with(before, change.after());
    assertThat(changed(before, key.equals("output") ? after.to(folder.resolve("b")) : after))
        .isEqualTo(change.stages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.train.layers", "training.steps", "training.precision"})
  void aGivenProxyIsNotTrained(String key) {
    assertThat(changed(given(), with(given(), changes.of(key).after()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed", "embedding.device", "corpus.path", "corpus.text-column"})
  void aGivenProxyIsTheSameWhateverItIsUsedFor(String key) {
    Set<Stage> others = EnumSet.copyOf(changes.of(key).stages());
    others.remove(TRAIN);
    assertThat(changed(given(), with(given(), changes.of(key).after()))).isEqualTo(others);
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed", "sample.windows-per-domain", "sample.documents-per-window"})
  void aCountOfAllDocumentsDependsOnNoDraw(String key) {
    TinyRun exact = trained().with("plan.count", "exact");
    Set<Stage> others = EnumSet.copyOf(changes.of(key).stages());
    others.remove(COUNT);
    assertThat(changed(exact, with(exact, changes.of(key).after()))).isEqualTo(others);
  }

  @Test
  void aTokenizerIsCountedWithByItsContent() throws IOException {
    Path copy = folder.resolve("copy.json");
    Files.copy(Reference.path("gpt2").resolve("tokenizer.json"), copy);
    assertThat(changed(trained(), trained().with("plan.tokenizer", copy.toString())))
        .containsExactly(PLAN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"embedding.layer", "embedding.batch-tokens", "embedding.device", "training.steps"})
  void embeddingsFromElsewhereDependOnNoProxy(String key) {
    TinyRun external = with(trained(), changes.of("embedding.from").after());
    assertThat(changed(external, with(external, changes.of(key).after()))).isEmpty();
  }

  /** A run through all stages. */
  private static TinyRun trained() {
    return TinyRun.into(folder.resolve("a"))
        .over(folder.resolve("corpus"))
        .training()
        .with("plan.tokenizer", TOKENIZER);
  }

  private static TinyRun given() {
    return with(trained(), changes.of("proxy.checkpoint").after());
  }

  private static TinyRun with(TinyRun run, Map<String, String> settings) {
    TinyRun changed = run;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      changed = changed.with(setting.getKey(), setting.getValue());
    }
    return changed;
  }

  /** Returns the stages of the second run whose inputs are others than in the first. */
  private static Set<Stage> changed(TinyRun first, TinyRun second) {
    Map<Stage, String> before = inputs(first.config());
    Set<Stage> changed = EnumSet.noneOf(Stage.class);
    inputs(second.config())
        .forEach(
            (stage, inputs) -> {
              if (!inputs.equals(before.get(stage))) {
                changed.add(stage);
              }
            });
    return changed;
  }

  private static Map<Stage, String> inputs(RunConfig config) {
    Map<Stage, String> inputs = new EnumMap<>(Stage.class);
    for (Stage stage : config.stages()) {
      inputs.put(stage, Json.text(Json.configuration(inputs(stage, config))));
    }
    return inputs;
  }

  private static List<Object> inputs(Stage stage, RunConfig config) {
    StageInputs inputs = new StageInputs(config);
    return switch (stage) {
      case TRAIN -> inputs.proxy(corpus(config), HADOOP);
      case SAMPLE -> inputs.windows(corpus(config));
      case EMBED ->
          config
              .embedding()
              .from()
              .map(path -> ExternalSamples.open(TestSpark.session(), path).identity())
              .orElseGet(inputs::embeddings);
      case MIX -> inputs.mixture();
      case COUNT -> inputs.tokens(corpus(config), tokenizer(config));
      case EVALUATE -> throw new IllegalArgumentException("no run evaluates by itself");
      case PLAN ->
          inputs.plan(config.output() + "/plan/exports", tokenizer(config), Optional.empty());
      case REPORT -> inputs.report(Optional.empty());
    };
  }

  private static Corpus corpus(RunConfig config) {
    return CORPORA.computeIfAbsent(config.corpus(), c -> Corpus.open(TestSpark.session(), c));
  }

  private static String tokenizer(RunConfig config) {
    boolean tokens = config.corpus().tokensColumn().isPresent();
    return config
        .plan()
        .tokenizer()
        .map(uri -> Tokenizer.read(uri, HADOOP))
        .orElse(tokens ? "" : "that of the proxy");
  }
}
