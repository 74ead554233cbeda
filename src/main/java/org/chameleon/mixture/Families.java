package org.chameleon.mixture;

import java.util.ArrayList;
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

  private Families() {}

  /**
   * Returns the families of two domains or more, each in ascending order, by their first.
   *
   * @param affinity K, {@code (k, k)}; none is near another where it is 0
   */
  static List<List<Integer>> of(DenseMatrix affinity) {
    int k = affinity.numRows();
    double near = NEAR * (Affinity.trace(affinity) / k);
    int[] first = new int[k];
    for (int i = 0; i < k; i++) {
      first[i] = i;
      for (int j = 0; j < i; j++) {
        if (first[i] != first[j] && Affinity.squaredDistance(affinity, i, j) < near) {
          join(first, first[i], first[j]);
        }
      }
    }
    Map<Integer, List<Integer>> families = new TreeMap<>();
    for (int i = 0; i < k; i++) {
      families.computeIfAbsent(first[i], f -> new ArrayList<>()).add(i);
    }
    return families.values().stream().filter(family -> family.size() > 1).toList();
  }

  /** Makes one family of two, each known by its first domain. */
  private static void join(int[] first, int one, int other) {
    for (int i = 0; i < first.length; i++) {
      if (first[i] == one || first[i] == other) {
        first[i] = Math.min(one, other);
      }
    }
  }
}
