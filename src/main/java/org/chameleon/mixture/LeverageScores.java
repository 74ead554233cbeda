package org.chameleon.mixture;

import dev.ludovic.netlib.lapack.LAPACK;
import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.netlib.util.intW;

/**
 * Kernel ridge leverage scores of an affinity: how much of its own each of k domains has.
 *
 * @param raw S_i = [K (K + λ k I)⁻¹]_ii, each in [0, 1)
 * @param normalized S divided by its sum; 1/k each where all are 0
 * @param lambda λ as used
 */
@SuppressWarnings("ArrayRecordComponent") // results handed on, compared nowhere
record LeverageScores(double[] raw, double[] normalized, double lambda) {

  /**
   * Returns the scores of an affinity. Solved by Cholesky: O(k³).
   *
   * @param affinity K, {@code (k, k)}, symmetric and positive semidefinite
   * @param lambda λ > 0
   */
  static LeverageScores of(DenseMatrix affinity, double lambda) {
    return ofRaw(diagonal(affinity, lambda), lambda);
  }

  /** Returns scores with those that are normalised. */
  static LeverageScores ofRaw(double[] raw, double lambda) {
    double sum = Arrays.stream(raw).sum();
    double[] normalized =
        Arrays.stream(raw).map(score -> sum > 0 ? score / sum : 1.0 / raw.length).toArray();
    return new LeverageScores(raw, normalized, lambda);
  }

  private static double[] diagonal(DenseMatrix affinity, double lambda) {
    int k = affinity.numRows();
    double[] system = affinity.toArray().clone();
    double[] solution = affinity.toArray().clone();
    for (int i = 0; i < k; i++) {
      system[i + i * k] += lambda * k;
    }
    intW info = new intW(0);
    LAPACK.getInstance().dposv("L", k, k, system, k, solution, k, info);
    if (info.val != 0) {
      throw new IllegalArgumentException(
          "Cannot factor K + λkI with λ = %s: it is not positive definite. Raise mixture.lambda."
              .formatted(lambda));
    }
    double[] scores = new double[k];
    Arrays.setAll(scores, i -> Math.max(0, solution[i + i * k]));
    return scores;
  }

  /** Returns the effective dimension of the domains: the sum of the raw scores. */
  double effectiveDimension() {
    return Arrays.stream(raw).sum();
  }
}
