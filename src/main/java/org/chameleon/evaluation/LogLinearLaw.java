package org.chameleon.evaluation;

import java.util.Arrays;

/**
 * How a loss depends on a mixture w: {@code c + exp(t + Σ_j a_j w_j)}. Convex in w.
 *
 * @param floor c, what no mixture goes below; not negative
 * @param offset t
 * @param slopes a, by domain: the more negative, the more the domain's data lowers the loss. Since
 *     shares sum to 1, a number added to all slopes and taken from t changes nothing: they sum to 0
 */
@SuppressWarnings("ArrayRecordComponent") // fitted numbers, compared nowhere
record LogLinearLaw(double floor, double offset, double[] slopes) {

  /** Moves the mean of the slopes into the offset. */
  LogLinearLaw {
    double mean = Arrays.stream(slopes).average().orElse(0);
    offset += mean;
    slopes = Arrays.stream(slopes).map(slope -> slope - mean).toArray();
  }

  /** Returns the loss above the floor. */
  double excess(double[] weights) {
    double exponent = offset;
    for (int j = 0; j < slopes.length; j++) {
      exponent += slopes[j] * weights[j];
    }
    return Math.exp(exponent);
  }

  /** Returns the loss of a mixture. */
  double loss(double[] weights) {
    return floor + excess(weights);
  }
}
