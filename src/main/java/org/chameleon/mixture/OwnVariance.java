package org.chameleon.mixture;

import java.util.Arrays;

/** The variance of the logarithm of a unit's weight that comes of its own windows: a jackknife. */
final class OwnVariance {
  private final double[] weights;
  private final MixtureConfig config;
  private final Reuse reuse;
  private final double temperature;
  private final double denominator;
  private final double least;
  private final double largest;
  private final double sum;
  private final double[] powers;

  /**
   * Prepares what is common to all units.
   *
   * @param scores of all units, without the bias of few windows
   * @param weights that these give
   * @param reuse units that keep their proportions have no variance of their own
   */
  OwnVariance(LeverageScores scores, Weights weights, Reuse reuse, MixtureConfig config) {
    this.weights = weights.values();
    this.config = config;
    this.reuse = reuse;
    this.temperature = weights.temperature();
    this.denominator = config.normalizeScores() ? Arrays.stream(scores.raw()).sum() : 1;
    this.least = config.leastInverted(config.entering(scores));
    double[] logits = config.logits(config.entering(scores));
    this.largest = Arrays.stream(logits).max().orElse(0);
    this.powers = Arrays.stream(logits).map(z -> Math.exp((z - largest) / temperature)).toArray();
    this.sum = Arrays.stream(powers).sum();
  }

  /**
   * Computes the variance of a unit, and its degrees of freedom (Satterthwaite).
   *
   * @param moved by member and group, the unit's score without the group
   */
  void of(int unit, double[][] moved, double[] variances, double[] freedom) {
    if (weights.length <= 2 || reuse.keeps(unit)) {
      return;
    }
    double squares = 0;
    for (double[] member : moved) {
      if (member.length > 1) {
        double[] logs = Arrays.stream(member).map(score -> log(unit, score)).toArray();
        double mean = Arrays.stream(logs).average().orElseThrow();
        double own =
            Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum()
                * (logs.length - 1)
                / logs.length;
        variances[unit] += own;
        squares += own * own / (logs.length - 1);
      }
    }
    freedom[unit] = squares > 0 ? variances[unit] * variances[unit] / squares : 1;
  }

  /** Returns the logarithm of the unit's weight with another score, those of the others as are. */
  private double log(int unit, double score) {
    double z =
        (config.objective().logit(Math.max(score / denominator, least)) - largest) / temperature;
    double others = Math.max(0, sum - powers[unit]);
    return z > 0 ? -Math.log1p(others * Math.exp(-z)) : z - Math.log(others + Math.exp(z));
  }
}
