package org.chameleon.mixture;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.DenseMatrix;

/** The affinity of domains: K = H X Xᵀ H, H = I - 11ᵀ/k, a linear kernel centred twice. */
final class Affinity {
  private Affinity() {}

  /**
   * Returns K, {@code (k, k)} and exactly symmetric.
   *
   * @param means domain embeddings, k of the same width
   */
  static DenseMatrix of(List<double[]> means) {
    double[][] rows = centred(means);
    int k = rows.length;
    int width = rows[0].length;
    double[] values = new double[k * width];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < width; j++) {
        values[i + j * k] = rows[i][j];
      }
    }
    DenseMatrix x = new DenseMatrix(k, width, values);
    return symmetric(x.multiply(x.transpose()));
  }

  /** Returns the embeddings less their centroid, {@code (k, width)}. */
  static double[][] centred(List<double[]> means) {
    int k = means.size();
    int width = means.get(0).length;
    double[] centroid = new double[width];
    for (double[] mean : means) {
      for (int j = 0; j < width; j++) {
        centroid[j] += mean[j] / k;
      }
    }
    double[][] centred = new double[k][width];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < width; j++) {
        centred[i][j] = means.get(i)[j] - centroid[j];
      }
    }
    return centred;
  }

  private static DenseMatrix symmetric(DenseMatrix matrix) {
    int k = matrix.numRows();
    double[] values = matrix.toArray();
    double[] result = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        result[i + j * k] = (values[i + j * k] + values[j + i * k]) / 2;
      }
    }
    return new DenseMatrix(k, k, result);
  }

  static double trace(DenseMatrix matrix) {
    double trace = 0;
    for (int i = 0; i < matrix.numRows(); i++) {
      trace += matrix.apply(i, i);
    }
    return trace;
  }

  /** Returns |x_i - x_j|² of two domains. */
  static double squaredDistance(DenseMatrix affinity, int i, int j) {
    return affinity.apply(i, i) + affinity.apply(j, j) - 2 * affinity.apply(i, j);
  }

  static double[][] rows(DenseMatrix matrix) {
    double[][] rows = new double[matrix.numRows()][matrix.numCols()];
    for (int i = 0; i < rows.length; i++) {
      int row = i;
      Arrays.setAll(rows[i], j -> matrix.apply(row, j));
    }
    return rows;
  }
}
