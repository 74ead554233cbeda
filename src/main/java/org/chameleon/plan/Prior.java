package org.chameleon.plan;

import java.util.Arrays;
import java.util.Locale;

/** What a mixture is drawn towards: {@code w ∝ w^(1-β) · p^β}. */
public enum Prior {
  /** Every domain the same: p = 1/k. */
  UNIFORM,
  /** As the data is: p ∝ tokens^(1/temperature). */
  PROPORTIONAL,
  /** The shares of the configuration. */
  GIVEN;

  /**
   * Returns the weighted geometric mean of two mixtures, scaled to sum 1.
   *
   * @param weights not negative
   * @param prior not negative, of any sum
   * @param strength β: 0 keeps the weights, 1 takes the prior
   */
  public static double[] blend(double[] weights, double[] prior, double strength) {
    double[] blended = new double[weights.length];
    double total = Arrays.stream(prior).sum();
    for (int i = 0; i < blended.length; i++) {
      blended[i] = Math.pow(weights[i], 1 - strength) * Math.pow(prior[i] / total, strength);
    }
    double sum = Arrays.stream(blended).sum();
    return Arrays.stream(blended).map(weight -> weight / sum).toArray();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
