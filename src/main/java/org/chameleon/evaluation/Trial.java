package org.chameleon.evaluation;

import java.io.Serializable;

/**
 * A small model to be trained: trials with the same seed start from the same weights and read each
 * domain's sequences in the same order.
 *
 * @param mixture name of the mixture
 * @param seed number of the repetition, from 0
 * @param horizon its training budget, as a multiple of the small budget
 * @param learningRate factor of the learning rate: 1, or 0.1 where that is checked
 */
public record Trial(String mixture, int seed, int horizon, double learningRate)
    implements Serializable {

  /** Returns its name, for files and logs. */
  public String name() {
    String suffix = learningRate == 1 ? "" : "-lr" + learningRate;
    return mixture + "-" + seed + "-" + horizon + suffix;
  }
}
