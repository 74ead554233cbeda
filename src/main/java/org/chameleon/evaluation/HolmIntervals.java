package org.chameleon.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Intervals of several differences at once, by Holm's step-down method: in m comparisons of things
 * that are all the same, the chance that any interval excludes 0 is at most {@link #LEVEL}.
 *
 * <p>In the order of their p-values the i-th difference is tested at level {@code LEVEL / (m - i +
 * 1)}, and the first that is not rejected ends it: none after it is rejected. Interval and decision
 * are the same thing here. A rejected difference has the interval of the level that it was tested
 * at, which excludes 0. All others have that of the level at which the testing ended, which is
 * {@code LEVEL} over their number: the first of them was not rejected at it and the rest have
 * larger p-values, so that theirs contain 0.
 */
final class HolmIntervals {
  /** Chance of one false finding or more among all comparisons. */
  static final double LEVEL = 0.05;

  private HolmIntervals() {}

  /**
   * One of the intervals.
   *
   * @param low lower end
   * @param high upper end
   * @param level chance of a single interval of this width to miss
   * @param rejected whether it excludes 0
   */
  record Interval(double low, double high, double level, boolean rejected) {}

  /**
   * Returns the interval of each difference, in their order.
   *
   * @param differences paired by seed; those too few for a deviation are never rejected, and count
   */
  static List<Interval> of(List<Sample> differences) {
    int m = differences.size();
    double[] significances = differences.stream().mapToDouble(Sample::significance).toArray();
    int[] order =
        IntStream.range(0, m)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> significances[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Interval[] intervals = new Interval[m];
    boolean rejecting = true;
    double level = LEVEL;
    for (int step = 0; step < m; step++) {
      Sample difference = differences.get(order[step]);
      level = rejecting ? LEVEL / (m - step) : level;
      double half = difference.halfWidth(level);
      rejecting = rejecting && Math.abs(difference.mean()) > half;
      double low = difference.mean() - half;
      double high = difference.mean() + half;
      // Of equal p-values only the rounding differs; it must not make an interval exclude 0.
      intervals[order[step]] =
          rejecting
              ? new Interval(low, high, level, true)
              : new Interval(Math.min(low, 0), Math.max(high, 0), level, false);
    }
    return Arrays.asList(intervals);
  }
}
