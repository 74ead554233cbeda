package org.chameleon.mixture;

import java.util.Arrays;
import java.util.List;

/**
 * The variances of the logarithms of the weights of many units, by a jackknife over the groups of
 * each unit's windows. A group that is left out moves the unit's own score, and by what all weights
 * have in common, the sum of the scores and that of the powers, the weights of the others. What it
 * moves the scores of others by, through the centroid and the matrix of coordinates, is of the
 * order of the effective dimension over k beside that, and is left out.
 */
final class OwnVariance {
  private final MixtureConfig config;
  private final Reuse reuse;
  private final double temperature;
  private final double[] raw;
  private final double total;
  private final double denominator;
  private final double least;
  private final double[] logits;
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
    this.config = config;
    this.reuse = reuse;
    this.temperature = weights.temperature();
    this.raw = scores.raw();
    this.total = Arrays.stream(raw).sum();
    this.denominator = config.normalizeScores() ? total : 1;
    this.least = config.leastInverted(config.entering(scores));
    this.logits = config.logits(config.entering(scores));
    this.largest = Arrays.stream(logits).max().orElse(0);
    this.powers = Arrays.stream(logits).map(z -> Math.exp((z - largest) / temperature)).toArray();
    this.sum = Arrays.stream(powers).sum();
  }

  /**
   * Variances of all units.
   *
   * @param values of the logarithms of the weights
   * @param freedom degrees of freedom of each (Satterthwaite)
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  record All(double[] values, double[] freedom) {}

  /**
   * Computes the variances.
   *
   * @param moved by unit, member and group, the unit's score without the group
   */
  All of(List<double[][]> moved) {
    int k = raw.length;
    double[] own = new double[k];
    double[] squares = new double[k];
    double[][] common = new double[k][3];
    double[] all = new double[3];
    for (int i = 0; i < moved.size() && k > 2; i++) {
      for (double[] member : moved.get(i)) {
        if (member.length > 1) {
          double[] logs = new double[member.length];
          double[] powersMoved = new double[member.length];
          double[] scoresMoved = new double[member.length];
          for (int g = 0; g < member.length; g++) {
            double power = power(member[g]);
            powersMoved[g] = -Math.log1p((power - powers[i]) / sum);
            scoresMoved[g] =
                config.normalizeScores() ? Math.log1p((member[g] - raw[i]) / total) : 0;
            logs[g] = Math.log(power) + powersMoved[g];
          }
          double variance = covariance(logs, logs);
          own[i] += variance;
          squares[i] += variance * variance / (member.length - 1);
          common[i][0] += covariance(powersMoved, powersMoved);
          common[i][1] += covariance(powersMoved, scoresMoved);
          common[i][2] += covariance(scoresMoved, scoresMoved);
        }
      }
      for (int j = 0; j < all.length; j++) {
        all[j] += common[i][j];
      }
    }
    return joined(own, squares, common, all);
  }

  private All joined(double[] own, double[] squares, double[][] common, double[] all) {
    int k = own.length;
    double[] values = new double[k];
    double[] freedom = new double[k];
    double mean = 0;
    for (int i = 0; i < k; i++) {
      mean += powers[i] / sum * logits[i];
    }
    double direction = config.objective() == Objective.PRETRAIN ? 1 : -1;
    for (int i = 0; i < k; i++) {
      double slope = direction * (logits[i] - mean) / temperature;
      double others =
          all[0]
              - common[i][0]
              + 2 * slope * (all[1] - common[i][1])
              + slope * slope * (all[2] - common[i][2]);
      values[i] = reuse.keeps(i) ? 0 : own[i] + Math.max(0, others);
      freedom[i] = squares[i] > 0 ? values[i] * values[i] / squares[i] : 1;
    }
    return new All(values, freedom);
  }

  /** Returns exp(z / T) of a score, over that of the largest of all. */
  private double power(double score) {
    double z = config.objective().logit(Math.max(score / denominator, least));
    return Math.exp(Math.min(700, (z - largest) / temperature));
  }

  private static double covariance(double[] one, double[] other) {
    double first = Arrays.stream(one).average().orElseThrow();
    double second = Arrays.stream(other).average().orElseThrow();
    double result = 0;
    for (int g = 0; g < one.length; g++) {
      result += (one[g] - first) * (other[g] - second);
    }
    return result * (one.length - 1) / one.length;
  }
}
