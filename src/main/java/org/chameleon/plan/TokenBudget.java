package org.chameleon.plan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Shares a budget out in proportion to weights, under a limit for each. */
final class TokenBudget {
  private TokenBudget() {}

  /**
   * Returns real shares that add up to the budget: limit_i where it binds, w_i · c elsewhere with
   * one c for all (water-filling).
   *
   * @param weights not negative, not all 0
   * @param limits most that each can take; their sum is at least the budget
   */
  static double[] shares(double[] weights, double[] limits, double budget) {
    double[] shares = new double[weights.length];
    boolean[] full = new boolean[weights.length];
    double left = budget;
    boolean again = true;
    while (again) {
      again = false;
      double weight = 0;
      for (int i = 0; i < weights.length; i++) {
        weight += full[i] ? 0 : weights[i];
      }
      double filled = 0;
      for (int i = 0; i < weights.length; i++) {
        if (!full[i]) {
          shares[i] = weight > 0 ? left * (weights[i] / weight) : 0;
          if (shares[i] > limits[i]) {
            shares[i] = limits[i];
            full[i] = true;
            again = true;
            filled += limits[i];
          }
        }
      }
      left -= filled;
    }
    return shares;
  }

  /** Rounds shares to whole tokens that add up to the budget, none above its limit. */
  static long[] whole(double[] shares, double[] limits, long budget) {
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
      long step = left > 0 ? Math.min(left, Math.max(1, left / order.length)) : -1;
      if (step > 0 ? tokens[i] + step <= limits[i] : tokens[i] > 0) {
        tokens[i] += step;
        left -= step;
      } else if (step > 1 && tokens[i] + 1 <= limits[i]) {
        tokens[i]++;
        left--;
      }
    }
    return tokens;
  }
}
