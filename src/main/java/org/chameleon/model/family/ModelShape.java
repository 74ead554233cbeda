package org.chameleon.model.family;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A model as its {@code config.json} describes it: what its program computes with, and its weights.
 *
 * @param family which program computes it
 * @param width of the hidden states, 0 where it is not known
 * @param context most tokens that a sequence may have, special tokens included
 * @param vocabulary number of token ids
 * @param causal whether a token sees only those before it
 * @param tied whether the token embedding is the output layer too
 * @param constants of the program, by name; one number or one for each layer or frequency
 * @param embeddings weights before the first block
 * @param blocks weights of each block
 * @param end weights behind the last block
 */
public record ModelShape(
    ModelFamily family,
    int width,
    int context,
    int vocabulary,
    boolean causal,
    boolean tied,
    SortedMap<String, List<Double>> constants,
    List<ModelWeight> embeddings,
    List<List<ModelWeight>> blocks,
    List<ModelWeight> end)
    implements Serializable {

  /** Copies the collections and refuses sizes that are not positive. */
  public ModelShape {
    constants = new TreeMap<>(constants);
    embeddings = List.copyOf(embeddings);
    blocks = List.copyOf(blocks);
    end = List.copyOf(end);
    int least = family instanceof TorchScriptFamily ? 0 : 1;
    if (IntStream.of(blocks.size(), width, context, vocabulary).min().getAsInt() < least) {
      throw new IllegalArgumentException(
          "Cannot use a model of %d layers, width %d, context %d and vocabulary %d: all must be positive."
              .formatted(blocks.size(), width, context, vocabulary));
    }
  }

  /** Returns the number of blocks. */
  public int layers() {
    return blocks.size();
  }

  /**
   * Returns the weights up to hidden state {@code layers}, in program order; 0 is the embedding.
   * The norm behind the last block belongs to the last state.
   */
  public List<ModelWeight> weights(int layers) {
    List<ModelWeight> weights = new ArrayList<>(embeddings);
    blocks.subList(0, layers).forEach(weights::addAll);
    if (layers == layers()) {
      weights.addAll(end);
    }
    return weights;
  }

  /**
   * Returns the weights of a model that predicts the next token, in program order; its output layer
   * is the last, unless it is the token embedding.
   */
  public List<ModelWeight> causalWeights() {
    List<ModelWeight> weights = new ArrayList<>(weights(layers()));
    if (!tied) {
      List<Long> sizes = List.of((long) vocabulary, (long) width);
      weights.add(
          new ModelWeight(family.output(), family.output(), sizes, ModelWeight.Role.MATRIX));
    }
    return weights;
  }

  /**
   * Returns the floating-point operations of a token up to a hidden state: two for each weight that
   * it is multiplied by, and attention over a whole sequence.
   *
   * @param layers index of the hidden state
   * @param length tokens of the sequence
   */
  public double forwardFlops(int layers, int length) {
    double products =
        weights(layers).stream()
            .filter(weight -> weight.role().isMatrix())
            .mapToDouble(ModelWeight::count)
            .sum();
    return 2 * (products + 2.0 * layers * length * width);
  }

  /** Returns the name of a weight in a checkpoint of a model that predicts the next token. */
  public String savedName(ModelWeight weight) {
    return weight.saved().equals(family.output())
        ? weight.saved()
        : family.prefixes().get(0) + weight.saved();
  }

  /**
   * Returns the constants of a computation, as programs take them.
   *
   * @param blocks how many to run
   * @param dtype PyTorch's number of the format of the matrix products
   * @param chunks pieces that causal attention is cut into, 0: the fused kernel
   */
  public SortedMap<String, List<Double>> constants(int blocks, int dtype, int chunks) {
    SortedMap<String, List<Double>> all = new TreeMap<>(constants);
    all.put("layers", List.of((double) blocks));
    all.put("dtype", List.of((double) dtype));
    all.put("chunks", List.of((double) chunks));
    all.put("causal", List.of(causal ? 1.0 : 0.0));
    all.put("states", List.of(-1.0));
    return all;
  }

  /** Returns the index of the middle hidden state, {@code (layers + 1) / 2}; 0 is the embedding. */
  public int middleLayer() {
    return (layers() + 1) / 2;
  }
}
