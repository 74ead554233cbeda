package org.chameleon;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Runs over a corpus of four domains, and how they are evaluated in seconds. */
final class ShortEvaluation {
  /** Models of a few thousand weights, trained on a few thousand tokens. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "evaluation.tokens", "2048",
          "evaluation.horizons", "[1, 2]",
          "evaluation.seeds", "3",
          "evaluation.model", "{ layers = 1, width = 16, heads = 2, context = 16 }");

  private ShortEvaluation() {}

  /** Returns the settings with others, keys and values in turn. */
  static Map<String, String> with(String... more) {
    Map<String, String> all = new TreeMap<>(SETTINGS);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  /** Writes the corpus into a folder. */
  static void writeCorpus(Path folder) {
    TinyCorpus.parquet(TinyCorpus.rows(150, 1), folder.resolve("corpus"), 2);
  }

  /** Returns a run that is to be made over the corpus of a folder, a tenth of it held out. */
  static TinyRun over(Path folder, String name) {
    return TinyRun.into(folder.resolve(name))
        .over(folder.resolve("corpus"))
        .with("corpus.held-out.fraction", "0.1");
  }

  /** Returns a finished run over the corpus of a folder. */
  static TinyRun run(Path folder, String name) {
    return over(folder, name).run();
  }
}
