package org.chameleon.mixture;

import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseMatrix;

/**
 * Weights of k domains and all that they were computed from.
 *
 * @param weights positive, sum 1
 * @param scores leverage scores as they enter the softmax
 * @param rawScores leverage scores before normalisation
 * @param lambda λ as used
 * @param temperature T as used
 * @param raised whether T was raised to keep the largest ratio of weights
 */
@SuppressWarnings("ArrayRecordComponent") // results handed on, compared nowhere
record Weights(
    double[] weights,
    double[] scores,
    double[] rawScores,
    double lambda,
    double temperature,
    boolean raised) {

  /** Returns the weights that an affinity gives under a configuration. */
  static Weights of(DenseMatrix affinity, MixtureConfig config) {
    int k = affinity.numRows();
    double lambda = config.lambda();
    if (config.lambdaMode() == Scale.RELATIVE) {
      double mean = Affinity.trace(affinity) / k;
      lambda = mean > 0 ? lambda * mean : lambda;
    }
    double[] raw = LeverageScores.of(affinity, lambda);
    double[] scores = config.normalizeScores() ? normalized(raw) : raw;
    double[] z = Arrays.stream(scores).map(config.objective()::logit).toArray();
    double configured =
        config.temperatureMode() == Scale.RELATIVE
            ? config.objective().relativeTemperature(config.baseTemperature(), k)
            : config.baseTemperature();
    double needed = config.maxRatio().map(ratio -> spread(z) / Math.log(ratio)).orElse(0.0);
    double temperature = Math.max(configured, needed);
    double[] weights = k <= 2 ? uniform(k) : softmax(z, temperature);
    return new Weights(weights, scores, raw, lambda, temperature, needed > configured);
  }

  private static double[] normalized(double[] scores) {
    double sum = Arrays.stream(scores).sum();
    return sum > 0 ? Arrays.stream(scores).map(s -> s / sum).toArray() : uniform(scores.length);
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
