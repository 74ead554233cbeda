package org.chameleon.plan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Shares a budget out in proportion to weights, under a limit for each. */
final class TokenBudget {
  private TokenBudget() {}

  /**
   * Returns real shares that add up to the budget: {@code c · w_i} with one c for all, raised to
   * the least or lowered to the most where it lies outside (water-filling). What one cannot take,
   * or takes too much, is thus shared among the others in proportion.
   *
   * <p>In each round all that lie outside on the heavier side are settled for good: the others'
   * level can only move away from them.
   *
   * @param weights not negative
   * @param least of each, together at most the budget
   * @param most of each, not below the least, together at least the budget
   */
  static double[] shares(double[] weights, double[] least, double[] most, double budget) {
    double[] shares = new double[weights.length];
    boolean[] settled = new boolean[weights.length];
    for (int round = 0; round <= weights.length; round++) {
      double level = level(weights, shares, settled, budget);
      double excess = 0;
      for (int i = 0; i < weights.length; i++) {
        if (!settled[i]) {
          shares[i] = Math.min(most[i], Math.max(least[i], level * weights[i]));
          excess += shares[i] - level * weights[i];
        }
      }
      boolean done = true;
      for (int i = 0; i < weights.length; i++) {
        double free = level * weights[i];
        boolean outside = (excess >= 0 && free < least[i]) || (excess <= 0 && free > most[i]);
        if (!settled[i] && outside) {
          settled[i] = true;
          done = false;
        }
      }
      if (done) {
        break;
      }
    }
    return shares;
  }

  /** Returns c for those that are not settled. */
  private static double level(double[] weights, double[] shares, boolean[] settled, double budget) {
    double left = budget;
    double weight = 0;
    for (int i = 0; i < weights.length; i++) {
      left -= settled[i] ? shares[i] : 0;
      weight += settled[i] ? 0 : weights[i];
    }
    return weight > 0 ? left / weight : 0;
  }

  /**
   * Rounds shares to whole tokens that add up to the budget, none outside its bounds: the largest
   * fractions are rounded up.
   */
  static long[] whole(double[] shares, double[] least, double[] most, long budget) {
    long[] tokens = Arrays.stream(shares).mapToLong(s -> (long) Math.floor(s)).toArray();
    long left = budget - Arrays.stream(tokens).sum();
    int[] order =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> Math.floor(shares[i]) - shares[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int next = 0; left != 0; next = (next + 1) % order.length) {
      int i = order[next];
      long fair = Math.max(1, Math.abs(left) / order.length);
      long room =
          (long) Math.min((double) fair, left > 0 ? most[i] - tokens[i] : tokens[i] - least[i]);
      long step = Math.max(0, room);
      tokens[i] += left > 0 ? step : -step;
      left -= left > 0 ? step : -step;
    }
    return tokens;
  }
}
