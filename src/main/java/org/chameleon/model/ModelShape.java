package org.chameleon.model;

import java.io.Serializable;

/**
 * The sizes and constants of a model.
 *
 * @param family which program computes it
 * @param layers number of blocks
 * @param width of the hidden states
 * @param heads of the attention's queries
 * @param keyHeads of the attention's keys and values
 * @param context most tokens that a window may have
 * @param vocabulary number of token ids
 * @param epsilon of the norms
 * @param theta base of rotary positions, 0 where there are none
 * @param activation 0 tanh-GELU, 1 erf-GELU, 2 ReLU
 */
public record ModelShape(
    ModelFamily family,
    int layers,
    int width,
    int heads,
    int keyHeads,
    int context,
    int vocabulary,
    double epsilon,
    double theta,
    int activation)
    implements Serializable {

  /** Refuses a width that the heads do not divide. */
  public ModelShape {
    if (layers < 1 || heads < 1 || width % heads != 0 || vocabulary < 1 || context < 1) {
      throw new IllegalArgumentException(
          "Cannot use a model of %d layers, width %d and %d heads: the heads must divide the width."
              .formatted(layers, width, heads));
    }
  }

  /** Returns the index of the middle hidden state, {@code (layers + 1) / 2}; 0 is the embedding. */
  public int middleLayer() {
    return (layers + 1) / 2;
  }
}
