package org.chameleon.model;

import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The sizes and constants of a model.
 *
 * @param family which program computes it
 * @param layers number of blocks
 * @param width of the hidden states
 * @param inner width between the two matrices of the MLP
 * @param heads of the attention's queries
 * @param keyHeads of the attention's keys and values
 * @param context most tokens that a window may have
 * @param vocabulary number of token ids
 * @param epsilon of the norms
 * @param theta base of rotary positions, 0 where there are none
 * @param activation of the MLP
 * @param tied whether the token embedding is the output layer too
 */
public record ModelShape(
    ModelFamily family,
    int layers,
    int width,
    int inner,
    int heads,
    int keyHeads,
    int context,
    int vocabulary,
    double epsilon,
    double theta,
    Activation activation,
    boolean tied)
    implements Serializable {

  /** Refuses sizes that are not positive, and a width that the heads do not divide. */
  public ModelShape {
    if (IntStream.of(layers, width, inner, heads, keyHeads, context, vocabulary).min().getAsInt()
            < 1
        || width % heads != 0
        || heads % keyHeads != 0) {
      throw new IllegalArgumentException(
          ("Cannot use a model of %d layers, width %d and %d heads: the heads must divide the width,"
                  + " and all sizes be positive.")
              .formatted(layers, width, heads));
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException(
          "Cannot use a model with epsilon " + epsilon + ": it must be positive.");
    }
  }

  /**
   * Returns the constants of a computation, as programs take them.
   *
   * @param blocks how many to run
   * @param precision number format of the matrix products
   * @param chunks pieces that attention is cut into, 1: the fused kernel
   */
  public SortedMap<String, Double> constants(int blocks, Precision precision, int chunks) {
    SortedMap<String, Double> constants = new TreeMap<>();
    constants.put("layers", (double) blocks);
    constants.put("heads", (double) heads);
    constants.put("key_heads", (double) keyHeads);
    constants.put("epsilon", epsilon);
    constants.put("theta", theta);
    constants.put("activation", (double) activation.number());
    constants.put("dtype", (double) precision.scalarType());
    constants.put("chunks", (double) chunks);
    return constants;
  }

  /** Returns the index of the middle hidden state, {@code (layers + 1) / 2}; 0 is the embedding. */
  public int middleLayer() {
    return (layers + 1) / 2;
  }
}
