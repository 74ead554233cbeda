package org.chameleon.evaluation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A mixture to be tried.
 *
 * @param name of it: {@code uniform} and {@code proportional} are the baselines
 * @param weights shares of training tokens by domain, as planned, summing to 1
 * @param findingFlops floating-point operations that finding it took
 * @param findingSeconds seconds that finding it took
 */
public record Candidate(
    String name, SortedMap<String, Double> weights, double findingFlops, double findingSeconds) {
  /** Every domain the same. */
  public static final String UNIFORM = "uniform";

  /** As the data is. */
  public static final String PROPORTIONAL = "proportional";

  /** The mixture of the run. */
  public static final String COMPUTED = "computed";

  /** The mixture that a law of small models' losses is lowest at. */
  public static final String REGMIX = "regmix";

  /** What the name of a file with weights begins with. */
  public static final String FILE = "file:";

  /** Copies the map. */
  public Candidate {
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
  }

  /** Returns whether others are compared with it. */
  public boolean isBaseline() {
    return name.equals(UNIFORM) || name.equals(PROPORTIONAL);
  }
}
