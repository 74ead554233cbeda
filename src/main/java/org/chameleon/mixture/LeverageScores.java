package org.chameleon.mixture;

import dev.ludovic.netlib.lapack.LAPACK;
import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.netlib.util.intW;

/** Kernel ridge leverage scores: how much of its own a domain has. */
final class LeverageScores {
  private LeverageScores() {}

  /**
   * Returns S_i = [K (K + λ k I)⁻¹]_ii, each in [0, 1). Solved by Cholesky: O(k³).
   *
   * @param affinity K, {@code (k, k)}, symmetric and positive semidefinite
   * @param lambda λ > 0
   */
  static double[] of(DenseMatrix affinity, double lambda) {
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
}
