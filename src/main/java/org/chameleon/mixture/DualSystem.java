package org.chameleon.mixture;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.lapack.LAPACK;
import java.io.Serializable;
import java.util.Arrays;
import org.netlib.util.intW;

/**
 * Leverage scores of k domains by a matrix of their coordinates instead of one of their pairs: with
 * the centred embeddings C, {@code (k, d)}, and {@code G = CᵀC},
 *
 * <pre>S_i = [CCᵀ (CCᵀ + λkI)⁻¹]_ii = c_iᵀ (G + λkI)⁻¹ c_i = |L⁻¹ c_i|²,  LLᵀ = G + λkI,</pre>
 *
 * <p>so that each costs O(d²) and nothing but G is common to them.
 *
 * @param width d
 * @param factor L⁻¹, {@code (d, d)}, column-major
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
record DualSystem(int width, double[] factor) implements Serializable {

  /**
   * Factors a system.
   *
   * @param gramian G, {@code (d, d)}, symmetric
   * @param ridge λk > 0
   * @throws IllegalArgumentException if it is not positive definite
   */
  static DualSystem of(double[] gramian, int width, double ridge) {
    double[] system = gramian.clone();
    for (int i = 0; i < width; i++) {
      system[i + i * width] += ridge;
      // The routine reads the lower half alone, and leaves the upper as it is.
      Arrays.fill(system, i * width, i * width + i, 0);
    }
    intW info = new intW(0);
    LAPACK.getInstance().dpotrf("L", width, system, width, info);
    if (info.val == 0) {
      LAPACK.getInstance().dtrtri("L", "N", width, system, width, info);
    }
    if (info.val != 0) {
      throw new IllegalArgumentException(
          "Cannot factor G + λkI with λk = %s: it is not positive definite. Raise mixture.lambda."
              .formatted(ridge));
    }
    return new DualSystem(width, system);
  }

  /** Returns the score of each row of a block. */
  double[] scores(Block rows) {
    double[] product = product(factor, rows);
    double[] scores = new double[rows.count()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Block.dot(product, i * width, product, i * width, width);
    }
    return scores;
  }

  /** Returns a matrix times each row of a block, {@code (count, d)} by rows. */
  static double[] product(double[] matrix, Block rows) {
    int d = rows.width();
    double[] product = new double[rows.count() * d];
    BLAS.getInstance()
        .dgemm(
            "N",
            "N",
            d,
            rows.count(),
            d,
            1,
            matrix,
            d,
            rows.values(),
            d,
            0,
            product,
            Math.max(1, d));
    return product;
  }

  /**
   * Rows that are computed with together.
   *
   * @param width numbers of a row
   * @param count rows
   * @param values row after row
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  record Block(int width, int count, double[] values) {
    /** Adds the sum of the rows' outer products. */
    void addOuterProducts(double[] to) {
      BLAS.getInstance()
          .dgemm("N", "T", width, width, count, 1, values, width, values, width, 1, to, width);
    }

    static double dot(double[] one, int from, double[] other, int otherFrom, int length) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += one[from + i] * other[otherFrom + i];
      }
      return sum;
    }
  }
}
