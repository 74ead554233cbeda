package org.chameleon.plan;

import java.util.Arrays;

/**
 * The least and the most tokens of each domain under a budget. Floors and ceilings are shares of
 * the budget, and hold to within the token that rounding takes; the limit on epochs holds exactly.
 */
final class DomainBounds {
  private final double[] floors;
  private final double[] ceilings;
  private final double[] most;

  /**
   * Creates bounds.
   *
   * @param floors least shares, from 0 to 1
   * @param ceilings most shares, from 0 to 1
   * @param most whole tokens that the epochs of each domain give, infinite where not known
   */
  DomainBounds(double[] floors, double[] ceilings, double[] most) {
    this.floors = floors;
    this.ceilings = ceilings;
    this.most = most;
  }

  /** Returns the least of each domain. */
  double[] least(long budget) {
    return Arrays.stream(floors).map(floor -> Math.floor(floor * budget)).toArray();
  }

  /** Returns the most of each domain. */
  double[] most(long budget) {
    double[] bounds = new double[most.length];
    Arrays.setAll(bounds, i -> Math.min(Math.ceil(ceilings[i] * budget), most[i]));
    return bounds;
  }

  /** Returns whether floors and ceilings leave room for shares that sum to 1. */
  private boolean agree() {
    for (int i = 0; i < floors.length; i++) {
      if (floors[i] > ceilings[i]) {
        return false;
      }
    }
    double rounding = 1e-12;
    return Arrays.stream(floors).sum() <= 1 + rounding
        && Arrays.stream(ceilings).sum() >= 1 - rounding;
  }

  /** Returns whether a plan of this budget exists. */
  boolean allow(long budget) {
    if (!agree()) {
      return false;
    }
    double[] least = least(budget);
    double[] upper = most(budget);
    double sumOfLeast = 0;
    double sumOfMost = 0;
    for (int i = 0; i < least.length; i++) {
      if (least[i] > upper[i]) {
        return false;
      }
      sumOfLeast += least[i];
      sumOfMost += upper[i];
    }
    return sumOfLeast <= budget && sumOfMost >= budget;
  }

  /**
   * Returns the largest budget up to a limit that has a plan, 0 if none has. Where a budget has
   * one, so has every smaller, to within the tokens that rounding takes: the limits on epochs do
   * not shrink with it.
   */
  long largest(long limit) {
    if (allow(limit)) {
      return limit;
    }
    long possible = 0;
    long impossible = limit;
    while (impossible - possible > 1) {
      long middle = possible + (impossible - possible) / 2;
      if (allow(middle)) {
        possible = middle;
      } else {
        impossible = middle;
      }
    }
    return possible;
  }

  /** Returns what all epochs give together, infinite where not known. */
  double available() {
    return Arrays.stream(most).sum();
  }
}
