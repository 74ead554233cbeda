package org.chameleon.evaluation;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.chameleon.sequences.TokenPool;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Json;

/**
 * The folder of what is kept until all trials have ended: the sequences that they are trained on,
 * the windows that they are measured on, the trials that have ended, and their models.
 */
final class EvaluationWork {
  private static final String KEY = "key.json";
  private static final String POOL = "pool";
  private static final String COUNTS = "pool-counts.json";
  private static final String HELD_OUT = "held-out";
  private static final String TARGET = "target";
  private static final String TRIALS = "trials";
  private static final String MODELS = "models";
  private static final String WEIGHTS = "model.safetensors";

  private final Folder folder;

  private EvaluationWork(Folder folder) {
    this.folder = folder;
  }

  /**
   * Takes over a folder; what an attempt with other inputs kept is of no use, and goes.
   *
   * @param inputs all that trials depend on, but for their mixture
   */
  static EvaluationWork in(Folder folder, List<Object> inputs) {
    String key = DigestUtils.sha256Hex(Json.text(inputs));
    boolean same = folder.has(KEY) && folder.json(KEY, String.class).equals(key);
    if (!same) {
      folder.delete("");
      folder.makeFolder("");
      folder.write(KEY, Json.text(key));
    }
    return new EvaluationWork(folder);
  }

  /**
   * Returns where trials read; the windows to measure on are written, in place of those of before.
   */
  TrialTask.Data data(EvaluationWindows windows) {
    return new TrialTask.Data(
        folder.uri(POOL),
        written(windows.heldOut(), HELD_OUT),
        windows.target().map(target -> written(target, TARGET)).orElse(null));
  }

  private TrialTask.Windows written(HeldOutWindows windows, String name) {
    folder.delete(name);
    windows.write(folder.folder(name));
    return new TrialTask.Windows(folder.uri(name), windows.bytes());
  }

  /** Returns the folder of the sequences to train on. */
  Folder pool() {
    return folder.folder(POOL);
  }

  /** Returns what an earlier attempt found of the pool, or null; without a half-written one. */
  TokenPool.Pool foundPool() {
    if (folder.has(COUNTS)) {
      return folder.json(COUNTS, TokenPool.Pool.class);
    }
    folder.delete(POOL);
    return null;
  }

  /** Keeps what was found of the pool, now that it is whole. */
  void keep(TokenPool.Pool pool) {
    folder.write(COUNTS, Json.text(pool));
  }

  /** Returns the folder of the trials that have ended. */
  Folder trials() {
    return folder.folder(TRIALS);
  }

  /** Returns the URI of the folder of the models. */
  String models() {
    return folder.uri(MODELS);
  }

  /**
   * Makes checkpoint directories of the models, and returns what their files are copied from, by
   * name.
   */
  SortedMap<String, KeptFile> models(
      List<TrialResult> trials, String modelConfig, String tokenizer) {
    Folder models = folder.folder(MODELS);
    SortedMap<String, KeptFile> files = new TreeMap<>();
    for (TrialResult trial : trials) {
      if (trial.model() != null) {
        String name = trial.trial().name() + "/";
        put(files, name + "config.json", models.write(name + "config.json", modelConfig));
        put(files, name + "tokenizer.json", models.write(name + "tokenizer.json", tokenizer));
        String weights = models.uri(name + TrialTask.weights(trial.model()));
        files.put(name + WEIGHTS, new KeptFile(weights, trial.model()));
      }
    }
    return files;
  }

  private void put(Map<String, KeptFile> files, String name, FileRecord written) {
    files.put(name, new KeptFile(folder.folder(MODELS).uri(name), written.sha256()));
  }
}
