package org.chameleon.embedding;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Pooling;
import org.chameleon.model.Precision;
import org.chameleon.model.SentenceModules;
import org.chameleon.model.Tokenizer;
import org.chameleon.model.family.ModelShape;

/**
 * What of a proxy is read: which hidden state, and how the states of a window become one embedding.
 * What the configuration leaves open is as the checkpoint says, if it is a sentence encoder's, else
 * as the method does: the mean over the middle state.
 *
 * @param layer index of the hidden state, 0 the embedding's output; the last is behind the model's
 *     final norm; -1 the one that a module of the user's own gives
 * @param pooling how states become one
 * @param dense layers behind the pooling
 * @param normalize whether each embedding is divided by its norm
 * @param around special tokens put around each window
 * @param others indices of more hidden states, ascending, read in the same pass to be compared; no
 *     dense layers stand behind them
 */
public record Reading(
    int layer,
    Pooling pooling,
    List<SentenceModules.Dense> dense,
    boolean normalize,
    Tokenizer.Around around,
    List<Integer> others)
    implements Serializable {

  /** Copies the lists. */
  public Reading {
    dense = List.copyOf(dense);
    others = List.copyOf(others);
  }

  /** Creates a reading of one hidden state. */
  Reading(
      int layer,
      Pooling pooling,
      List<SentenceModules.Dense> dense,
      boolean normalize,
      Tokenizer.Around around) {
    this(layer, pooling, dense, normalize, around, List.of());
  }

  /**
   * Decides how a proxy is read.
   *
   * @throws InvalidInputException if the model has no such state
   */
  public static Reading of(Checkpoint proxy, EmbeddingConfig config) {
    Optional<SentenceModules> modules = proxy.modules().stream().findFirst();
    ModelShape shape = proxy.shape();
    if (proxy.isModule()) {
      requireOfModule(config);
    }
    String name = config.layer().orElse(modules.isPresent() ? "last" : "middle");
    int layer = proxy.isModule() ? -1 : layer("embedding.layer", name, shape);
    Pooling own = modules.map(SentenceModules::pooling).orElse(Pooling.MEAN);
    Pooling pooling = config.pooling().orElse(own);
    boolean asTrained = modules.isPresent() && layer == shape.layers() && pooling == own;
    boolean encloses = config.specialTokens().orElse(modules.isPresent() || !shape.causal());
    return new Reading(
        layer,
        pooling,
        asTrained ? modules.get().dense() : List.of(),
        config.normalize().orElse(modules.map(SentenceModules::normalize).orElse(false)),
        encloses && !proxy.tokenizer().isEmpty()
            ? Tokenizer.of(proxy.tokenizer()).around()
            : Tokenizer.Around.NONE,
        config.layers().stream()
            .map(other -> layer("embedding.layers", other, shape))
            .filter(other -> other != layer)
            .distinct()
            .sorted()
            .toList());
  }

  private static void requireOfModule(EmbeddingConfig config) {
    if (!config.layers().isEmpty()) {
      throw new InvalidInputException(
          "Cannot read hidden states %s of a TorchScript module: it gives one. Remove embedding.layers."
              .formatted(config.layers()));
    }
    if (config.layer().isPresent()) {
      throw new InvalidInputException(
          "Cannot read hidden state '%s' of a TorchScript module: it gives the one that it gives. Remove embedding.layer."
              .formatted(config.layer().get()));
    }
    if (config.precision() != Precision.AUTO) {
      throw new InvalidInputException(
          "Cannot compute a TorchScript module in %s: it computes in the format that it was saved in. Remove embedding.precision."
              .formatted(config.precision()));
    }
  }

  /** Returns how the method reads any model: the mean over the middle state. */
  static Reading middle(ModelShape shape) {
    return new Reading(shape.middleLayer(), Pooling.MEAN, List.of(), false, Tokenizer.Around.NONE);
  }

  /** Returns what the configuration names: a word, a number of blocks, or a fraction of them. */
  private static int layer(String key, String name, ModelShape shape) {
    int layers = shape.layers();
    if (name.equals("middle")) {
      return shape.middleLayer();
    }
    if (name.equals("last")) {
      return layers;
    }
    if (name.contains(".")) {
      return (int) Math.round(Double.parseDouble(name) * layers);
    }
    int index = Integer.parseInt(name);
    if (index > layers) {
      throw new InvalidInputException(
          "Cannot read hidden state %d: the proxy has states 0 to %d. Lower %s."
              .formatted(index, layers, key));
    }
    return index;
  }

  /** Returns the number of blocks that are run: the index of the last state that is read. */
  public int blocks() {
    return others.isEmpty() ? layer : Math.max(layer, others.get(others.size() - 1));
  }

  /** Returns the states in the order in which a pass meets them. */
  List<Integer> inOrder() {
    return Stream.concat(others.stream(), Stream.of(layer)).sorted().toList();
  }

  /** Adds what the program needs to know. */
  void into(Map<String, List<Double>> constants) {
    constants.put("states", inOrder().stream().map(Integer::doubleValue).toList());
    constants.put("pooling", List.of((double) pooling.number()));
    constants.put("dense", List.of((double) dense.size()));
    constants.put("normalize", List.of(normalize ? 1.0 : 0.0));
    List<Double> tanh = dense.stream().map(layer -> layer.tanh() ? 1.0 : 0.0).toList();
    constants.put("dense_tanh", tanh.isEmpty() ? List.of(0.0) : tanh);
  }

  /** Returns a window's ids between its special tokens. */
  int[] enclosed(int[] window) {
    if (around.count() == 0) {
      return window;
    }
    int[] all = new int[window.length + around.count()];
    int at = 0;
    for (int id : around.before()) {
      all[at++] = id;
    }
    System.arraycopy(window, 0, all, at, window.length);
    at += window.length;
    for (int id : around.behind()) {
      all[at++] = id;
    }
    return all;
  }

  /** Returns it in words: {@code hidden state 3, mean}. */
  @Override
  public String toString() {
    StringBuilder words = new StringBuilder(layer < 0 ? "its states" : "hidden state " + layer);
    words.append(", ").append(pooling);
    words.append(dense.isEmpty() ? "" : ", " + dense.size() + " dense");
    words.append(normalize ? ", normalized" : "");
    words.append(around.count() == 0 ? "" : ", with " + around.count() + " special tokens");
    words.append(others.isEmpty() ? "" : ", beside " + others);
    return words.toString();
  }
}
