package org.chameleon.mixture;

import java.util.Arrays;
import java.util.List;

/**
 * What the weights of one setting are, whichever way they were found.
 *
 * @param names of the domains, in order
 * @param samples of each domain
 * @param unit of each domain, its place among the units
 * @param units names of the units
 * @param families name of each unit's family, null where it is a domain alone
 * @param unitSamples of each unit
 * @param width of the embeddings
 * @param trace of the units' affinity
 * @param scores of the units
 * @param exact weights of the units, by their scores alone
 * @param ofUnits weights of the units; those that are reused keep their proportions
 * @param shares of each domain in the weight of its unit
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
record Solved(
    List<String> names,
    long[] samples,
    int[] unit,
    List<String> units,
    String[] families,
    long[] unitSamples,
    int width,
    double trace,
    LeverageScores scores,
    Weights exact,
    Weights ofUnits,
    double[] shares) {

  /** Returns the weights of the domains. */
  double[] weights() {
    double[] weights = new double[shares.length];
    Arrays.setAll(weights, i -> shares[i] * ofUnits.values()[unit[i]]);
    return weights;
  }
}
