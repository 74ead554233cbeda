package org.chameleon.mixture;

import java.util.Arrays;

/**
 * Weights of k domains.
 *
 * @param values positive, sum 1
 * @param temperature T as used
 * @param raised whether T was raised to keep the largest ratio of weights
 */
@SuppressWarnings("ArrayRecordComponent") // results handed on, compared nowhere
record Weights(double[] values, double temperature, boolean raised) {

  /**
   * Returns the weights that scores give under an objective: softmax(z / T).
   *
   * @param scores of the k domains, as they enter the softmax
   */
  static Weights of(double[] scores, MixtureConfig config) {
    int k = scores.length;
    double[] z = config.logits(scores);
    double configured = config.temperature(k);
    double needed = config.maxRatio().map(ratio -> spread(z) / Math.log(ratio)).orElse(0.0);
    double temperature = Math.max(configured, needed);
    double[] values = k <= 2 ? uniform(k) : softmax(z, temperature);
    return new Weights(values, temperature, needed > configured);
  }

  /** Returns weights of which some keep earlier proportions. */
  Weights with(Reuse reuse) {
    return new Weights(reuse.of(values), temperature, raised);
  }

  /** With one domain or two the formula says nothing: centring leaves both equally far away. */
  private static double[] uniform(int k) {
    double[] weights = new double[k];
    Arrays.fill(weights, 1.0 / k);
    return weights;
  }

  private static double spread(double[] z) {
    return Arrays.stream(z).max().orElseThrow() - Arrays.stream(z).min().orElseThrow();
  }

  /** Returns softmax(z / T), computed from the differences to the largest z: it cannot overflow. */
  static double[] softmax(double[] z, double temperature) {
    double largest = Arrays.stream(z).max().orElseThrow();
    double[] powers = Arrays.stream(z).map(x -> Math.exp((x - largest) / temperature)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(p -> p / sum).toArray();
  }
}
