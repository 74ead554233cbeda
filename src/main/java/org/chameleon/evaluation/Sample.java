package org.chameleon.evaluation;

import java.util.Arrays;
import java.util.Collection;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Independent measurements of one thing, as a t-interval needs them.
 *
 * @param size number of them
 * @param mean of them; NaN if there is none
 * @param standardDeviation of one of them, by {@code size - 1}; NaN if there are fewer than two
 */
record Sample(int size, double mean, double standardDeviation) {

  /** Returns the sample of some measurements. */
  static Sample of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Returns the sample of some measurements. */
  static Sample of(double... values) {
    int n = values.length;
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
    return new Sample(n, mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)));
  }

  /**
   * Returns half the width of the t-interval of the mean: that of {@code 1 - level} confidence.
   *
   * @param level chance of an interval to miss the true mean, in (0, 1)
   */
  double halfWidth(double level) {
    if (size < 2) {
      return Double.POSITIVE_INFINITY;
    }
    double quantile = new TDistribution(null, size - 1).inverseCumulativeProbability(1 - level / 2);
    return quantile * standardDeviation / Math.sqrt(size);
  }

  /** Returns the two-sided p-value of a true mean of 0; 1 where nothing can be said. */
  double significance() {
    if (size < 2 || mean == 0) {
      return 1;
    }
    double t = Math.abs(mean) / (standardDeviation / Math.sqrt(size));
    return t == Double.POSITIVE_INFINITY
        ? 0
        : 2 * new TDistribution(null, size - 1).cumulativeProbability(-t);
  }
}
