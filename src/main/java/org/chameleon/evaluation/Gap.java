package org.chameleon.evaluation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A mixture beside a baseline, in bits per byte; negative is better than the baseline.
 *
 * @param baseline its name
 * @param baselineMean mean over domains and seeds of the baseline at the longest horizon
 * @param byHorizon differences of the mean over domains, paired by seed
 * @param interval of the difference at the longest horizon
 * @param byDomain mean difference of each domain at the longest horizon
 * @param rises {@code byDomain} as fractions of the baseline's loss
 * @param slower differences at a tenth of the learning rate, at the longest horizon
 */
record Gap(
    String baseline,
    double baselineMean,
    SortedMap<Integer, Sample> byHorizon,
    HolmIntervals.Interval interval,
    SortedMap<String, Double> byDomain,
    SortedMap<String, Double> rises,
    Sample slower) {

  /** Copies the maps. */
  Gap {
    byHorizon = Collections.unmodifiableSortedMap(new TreeMap<>(byHorizon));
    byDomain = Collections.unmodifiableSortedMap(new TreeMap<>(byDomain));
    rises = Collections.unmodifiableSortedMap(new TreeMap<>(rises));
  }

  int shortest() {
    return byHorizon.firstKey();
  }

  int longest() {
    return byHorizon.lastKey();
  }

  /** Returns the mean difference at the longest horizon. */
  double difference() {
    return byHorizon.get(longest()).mean();
  }

  /** Returns the size of the difference as a fraction of the baseline's mean. */
  double fraction() {
    return Math.abs(difference()) / baselineMean;
  }

  /** Returns whether the differences at all horizons have the sign of the longest. */
  boolean keepsSign() {
    return byHorizon.values().stream()
        .allMatch(sample -> Math.signum(sample.mean()) == Math.signum(difference()));
  }

  /**
   * Returns whether the gap closes towards 0: drawn on in a straight line over the logarithm of the
   * tokens, by as large a factor as lies between the shortest and the longest horizon, it would
   * reach 0. That is so where half of the shortest horizon's gap or less is left at the longest. A
   * gap that stays what it is passes unless noise as large as half of it is in both; one that
   * shrinks as losses themselves do with training passes too.
   */
  boolean closes() {
    double drawnOn = 2 * difference() - byHorizon.get(shortest()).mean();
    return byHorizon.size() > 1 && drawnOn * difference() <= 0;
  }
}
