package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.DenseMatrix;

/** Families of domains with nearly the same embedding: groups that a chain of near pairs joins. */
final class Families {
  /**
   * Squared distance of near-duplicates, as a part of the mean squared distance to the centroid.
   */
  private static final double NEAR = 0.05;

  /** Another member, nearer to the first; a first member is its own. */
  private final int[] towardsFirst;

  /** Creates as many families as domains. */
  Families(int domains) {
    towardsFirst = new int[domains];
    Arrays.setAll(towardsFirst, i -> i);
  }

  /** Returns the squared distance of near-duplicates. */
  static double near(double trace, int domains) {
    return NEAR * (trace / domains);
  }

  /**
   * Returns the families of two domains or more, each in ascending order, by their first.
   *
   * @param affinity K, {@code (k, k)}; none is near another where it is 0
   */
  static List<List<Integer>> of(DenseMatrix affinity) {
    int k = affinity.numRows();
    double near = near(Affinity.trace(affinity), k);
    Families families = new Families(k);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < i; j++) {
        if (Affinity.squaredDistance(affinity, i, j) < near) {
          families.join(i, j);
        }
      }
    }
    return families.found();
  }

  /** Makes one family of those of two domains. */
  void join(int one, int other) {
    int first = first(one);
    int second = first(other);
    towardsFirst[Math.max(first, second)] = Math.min(first, second);
  }

  private int first(int domain) {
    int first = domain;
    while (towardsFirst[first] != first) {
      towardsFirst[first] = towardsFirst[towardsFirst[first]];
      first = towardsFirst[first];
    }
    return first;
  }

  /** Returns the families of two domains or more. */
  List<List<Integer>> found() {
    Map<Integer, List<Integer>> families = new TreeMap<>();
    for (int i = 0; i < towardsFirst.length; i++) {
      families.computeIfAbsent(first(i), f -> new ArrayList<>()).add(i);
    }
    return families.values().stream().filter(family -> family.size() > 1).toList();
  }
}
