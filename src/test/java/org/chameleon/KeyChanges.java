package org.chameleon;

import static org.chameleon.run.Stage.COUNT;
import static org.chameleon.run.Stage.EMBED;
import static org.chameleon.run.Stage.MIX;
import static org.chameleon.run.Stage.PLAN;
import static org.chameleon.run.Stage.REPORT;
import static org.chameleon.run.Stage.SAMPLE;
import static org.chameleon.run.Stage.TRAIN;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chameleon.run.Stage;

/** For every key of the configuration another value, and the stages that it is an input of. */
final class KeyChanges {
  private final Map<String, Change> changes = new TreeMap<>();
  private final Path folder;

  /**
   * Another value of a key.
   *
   * @param before settings of the run that the key is changed in
   * @param after the key's own, and what else has to change with it
   * @param stages that it is an input of
   */
  record Change(Map<String, String> before, Map<String, String> after, Set<Stage> stages) {}

  private void key(String key, String value, Stage... stages) {
    key(key, Map.of(), Map.of(key, value), stages);
  }

  private void key(
      String key, Map<String, String> before, Map<String, String> after, Stage... stages) {
    Set<Stage> expected = EnumSet.noneOf(Stage.class);
    expected.addAll(Arrays.asList(stages));
    changes.put(key, new Change(before, after, expected));
  }

  /**
   * Makes the table.
   *
   * @param folder with corpora {@code corpus} and {@code other}, {@code embeddings}, and a {@code
   *     module}
   */
  KeyChanges(Path folder) {
    this.folder = folder;
    key("output", Map.of(), Map.of(), PLAN); // the trainers' files name the folder they lie in
    key("seed", "18", TRAIN, SAMPLE, EMBED, COUNT, PLAN);
    corpusKeys();
    proxyKeys();
    planKeys();
    for (String key :
        List.of("objective", "lambda", "lambda-mode", "temperature", "temperature-mode")) {
      Map<String, String> values =
          Map.of(
              "objective", "finetune", "lambda-mode", "absolute", "temperature-mode", "absolute");
      key("mixture." + key, values.getOrDefault(key, "0.5"), MIX);
    }
    key("mixture.normalize-scores", "false", MIX);
    key("mixture.max-ratio", "none", MIX);
    key("mixture.score-floor", "none", MIX);
    key("mixture.debias", "true", MIX);
    key("mixture.families", "auto", MIX);
    key("mixture.within-families", "scores", MIX);
    key("mixture.reuse", "{ web = 1 }", MIX);
    key("mixture.other-proxies", "[runs/a]", MIX);
    key("report.title", "Another", REPORT);
    evaluationKeys();
  }

  /** Nothing that a run makes by itself depends on how its mixture is tried. */
  private void evaluationKeys() {
    Map<String, String> values = new TreeMap<>();
    values.put("preset", "gpu");
    values.put("candidates", "regmix");
    values.put("grid.objective", "finetune");
    values.put("horizons", "[1, 2]");
    values.put("simulate-epochs", "false");
    values.put("allow-worse", "[all]");
    values.put("check-learning-rate", "true");
    values.put("keep-models", "true");
    values.put("target", "/documents");
    values.put("from", Reference.path("gpt2").toString());
    for (String key :
        List.of(
            "preset",
            "candidates",
            "grid.objective",
            "grid.max-ratio",
            "grid.prior",
            "tokens",
            "horizons",
            "seeds",
            "model.layers",
            "model.width",
            "model.heads",
            "model.context",
            "batch",
            "learning-rate",
            "simulate-epochs",
            "tolerance",
            "allow-worse",
            "check-learning-rate",
            "keep-models",
            "from",
            "target",
            "regmix.models",
            "regmix.tokens",
            "regmix.kl-strength")) {
      String number = key.equals("tolerance") ? "0.5" : "9";
      key("evaluation." + key, values.getOrDefault(key, number));
    }
  }

  private void corpusKeys() {
    String other = folder.resolve("other").toString();
    key("corpus.path", other, TRAIN, SAMPLE, COUNT, PLAN);
    key(
        "corpus.domains",
        Map.of(),
        Map.of("corpus.path", "none", "corpus.domains", "{ all = \"" + other + "\" }"),
        TRAIN,
        SAMPLE,
        COUNT,
        PLAN);
    key("corpus.leave-out", "[poems]", TRAIN, SAMPLE, COUNT, PLAN);
    key("corpus.merge", "{ all = [poems, news] }", TRAIN, SAMPLE, COUNT, PLAN);
    // The trainers' files print columns.
    key("corpus.domain-column", "topic", TRAIN, SAMPLE, COUNT, PLAN);
    key("corpus.text-column", "body", TRAIN, SAMPLE, COUNT, PLAN);
    key(
        "corpus.tokens-column",
        Map.of("plan.tokenizer", "none", "plan.count", "exact"),
        Map.of("corpus.tokens-column", "ids"),
        TRAIN,
        SAMPLE,
        COUNT,
        PLAN);
    key("corpus.bad-rows", "skip", TRAIN, SAMPLE, COUNT, PLAN);
    key("corpus.zstd-window-log", "30");
    // Sizes are those of all documents, whatever is held out.
    key("corpus.held-out.fraction", "0.1", TRAIN, SAMPLE);
    key("corpus.held-out.max-tokens", "1000", TRAIN, SAMPLE);
    // Tokens are estimated from as many documents as are sampled from.
    key("sample.windows-per-domain", "31", SAMPLE, COUNT);
    key("sample.documents-per-window", "5", SAMPLE, COUNT);
    key("sample.window-tokens", "25", SAMPLE);
    key("sample.span", "document", SAMPLE);
    key("sample.unit", "documents", SAMPLE);
    key("sample.allow-fewer", "true", SAMPLE);
  }

  private void proxyKeys() {
    key("proxy.checkpoint", Reference.path("gpt2").toString(), TRAIN);
    key("proxy.torchscript", folder.resolve("module").toString(), TRAIN);
    key("proxy.train.vocabulary", "301", TRAIN);
    key("proxy.train.layers", "3", TRAIN);
    key("proxy.train.width", "64", TRAIN);
    key("proxy.train.heads", "4", TRAIN);
    key("proxy.train.context", "33", TRAIN);
    for (String key : List.of("steps", "batch", "warmup-steps", "tokenizer-documents")) {
      key("training." + key, "7", TRAIN);
    }
    for (String key : List.of("learning-rate", "weight-decay", "clip-norm", "beta1", "beta2")) {
      key("training." + key, "0.5", TRAIN);
    }
    key("training.precision", "float32", TRAIN);
    key("embedding.layer", "1", EMBED);
    key("embedding.layers", "[1]", EMBED);
    key("embedding.pooling", "last-token", EMBED);
    key("embedding.normalize", "true", EMBED);
    key("embedding.special-tokens", "true", EMBED);
    key("embedding.precision", "float32", EMBED);
    key("embedding.device", "cpu", TRAIN, EMBED);
    key("embedding.gpus-per-task", "0.5");
    key("embedding.partitions", "9");
    key("embedding.batch-tokens", "200", EMBED); // batches move the last bits
    key("embedding.from", folder.resolve("embeddings").toString(), EMBED);
  }

  private void planKeys() {
    key("plan.from", "recommended", PLAN);
    key("plan.tokens", "1000", PLAN);
    key("plan.sequence-length", "64", PLAN);
    key("plan.max-epochs", "2", PLAN);
    key("plan.floor", "0.01", PLAN);
    key("plan.ceiling", "0.9", PLAN);
    key("plan.domains", "{ code = { floor = 0.1 } }", PLAN);
    key("plan.count", "exact", COUNT, PLAN);
    key(
        "plan.tokenizer",
        Map.of("plan.tokenizer", "none"),
        Map.of("plan.tokenizer", Reference.path("gpt2").toString()),
        COUNT,
        PLAN);
    key("plan.prior.kind", "uniform", PLAN);
    key("plan.prior.strength", "0.25", PLAN);
    key("plan.prior.temperature", "2", PLAN);
    Map<String, String> given = Map.of("plan.prior", "{ kind = given, shares = { code = 1 } }");
    key("plan.prior.shares", given, Map.of("plan.prior.shares", "{ code = 1, news = 2 }"), PLAN);
    key("plan.exports", "[trl]", PLAN);
    key("plan.paths", Map.of(), Map.of("plan.paths.trl", "/data/{domain}"), PLAN);
  }

  Change of(String key) {
    return changes.get(key);
  }

  Set<String> keys() {
    return changes.keySet();
  }
}
