package org.chameleon.mixture;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.lapack.LAPACK;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.netlib.util.intW;

/**
 * The scores of the affinity without the noise of few windows, {@code K - H diag(V) H}, by a matrix
 * of coordinates. With {@code D = λk - V}, {@code s = ΣV}, {@code v = V·1} and {@code Z = [C 1 v]},
 *
 * <pre>K - H diag(V) H + λkI = D + Z W Zᵀ,  W = diag(I_d, [[-s/k², 1/k], [1/k, 0]]),</pre>
 *
 * <p>of which Woodbury's formula gives any element of the inverse A⁻¹ from the {@code (d+2, d+2)}
 * matrices {@code N = ZᵀD⁻¹Z} and {@code M = W⁻¹ + N}.
 */
final class NoisySystem implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int width;
  private final int size;
  private final int k;
  private final double ridge;
  private final double lambda;
  private final double[] normal;
  private final double[] inverse;
  private final double[] ones;
  private final double total;
  private final double[] towardsOnes;
  private final double[] residue;
  private final double[] quadratic;

  /**
   * Solves a system.
   *
   * @param normal N, {@code (d+2, d+2)}, symmetric
   * @param sum s of the noise
   * @param k number of units
   * @param lambda λ
   */
  NoisySystem(double[] normal, int width, double sum, int k, double lambda) {
    this.width = width;
    this.size = width + 2;
    this.k = k;
    this.lambda = lambda;
    this.ridge = lambda * k;
    this.normal = normal.clone();
    double[] m = normal.clone();
    for (int i = 0; i < width; i++) {
      m[i + i * size] += 1;
    }
    m[width + (width + 1) * size] += k;
    m[width + 1 + width * size] += k;
    m[width + 1 + (width + 1) * size] += sum;
    this.inverse = inverse(m, size);
    double[] towards = column(normal, width);
    this.ones = times(inverse, towards);
    this.total = normal[width + width * size] - DualSystem.Block.dot(towards, 0, ones, 0, size);
    this.residue = residue();
    this.quadratic = quadratic();
    this.towardsOnes = towardsOnes();
  }

  double lambda() {
    return lambda;
  }

  /** Returns {@code D_i}: noise beyond half of the ridge is taken for that. */
  static double rest(double noise, double ridge) {
    return ridge - Math.min(known(noise), ridge / 2);
  }

  private static double known(double noise) {
    return Double.isNaN(noise) ? 0 : noise;
  }

  /** Returns z of a unit, times a factor, into a row. */
  static void row(
      double[] centred, int from, int width, double noise, double factor, double[] to, int at) {
    for (int j = 0; j < width; j++) {
      to[at + j] = factor * centred[from + j];
    }
    to[at + width] = factor;
    to[at + width + 1] = factor * known(noise);
  }

  private double[] column(double[] matrix, int column) {
    return Arrays.copyOfRange(matrix, column * size, (column + 1) * size);
  }

  private double[] times(double[] matrix, double[] vector) {
    double[] result = new double[size];
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++) {
        result[i] += matrix[i + j * size] * vector[j];
      }
    }
    return result;
  }

  /** Returns {@code R = N_C M⁻¹}, by which {@code CᵀA⁻¹e_i = (c_i - R z_i) / D_i}; (d, d+2). */
  private double[] residue() {
    double[] result = new double[width * size];
    for (int j = 0; j < size; j++) {
      for (int l = 0; l < size; l++) {
        double factor = inverse[l + j * size];
        for (int i = 0; i < width; i++) {
          result[i + j * width] += normal[i + l * size] * factor;
        }
      }
    }
    return result;
  }

  /** Returns {@code P = CᵀA⁻¹C = N_CC - R N_C}, {@code (d, d)}. */
  private double[] quadratic() {
    double[] result = new double[width * width];
    for (int j = 0; j < width; j++) {
      for (int l = 0; l < size; l++) {
        double factor = normal[l + j * size];
        for (int i = 0; i < width; i++) {
          result[i + j * width] -= residue[i + l * width] * factor;
        }
      }
      for (int i = 0; i < width; i++) {
        result[i + j * width] += normal[i + j * size];
      }
    }
    return result;
  }

  /** Returns {@code q = CᵀA⁻¹1}. */
  private double[] towardsOnes() {
    double[] result = new double[width];
    for (int i = 0; i < width; i++) {
      result[i] = normal[i + width * size];
      for (int j = 0; j < size; j++) {
        result[i] -= normal[i + j * size] * ones[j];
      }
    }
    return result;
  }

  /** Returns {@code δᵀPδ} of each row of a block. */
  double[] quadratics(DualSystem.Block deltas) {
    double[] product = DualSystem.product(quadratic, deltas);
    double[] result = new double[deltas.count()];
    Arrays.setAll(
        result, i -> DualSystem.Block.dot(product, i * width, deltas.values(), i * width, width));
    return result;
  }

  /**
   * Looks at units.
   *
   * @param centred their embeddings less the centroid
   * @param noise V of each; NaN where not known
   */
  List<Own> own(DualSystem.Block centred, double[] noise) {
    int count = centred.count();
    double[] z = new double[count * size];
    for (int i = 0; i < count; i++) {
      row(centred.values(), i * width, width, noise[i], 1, z, i * size);
    }
    double[] solved = DualSystem.product(inverse, new DualSystem.Block(size, count, z));
    double[] r = centred.values().clone();
    BLAS.getInstance()
        .dgemm("N", "N", width, count, size, -1, residue, width, z, size, 1, r, width);
    List<Own> own = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      own.add(
          new Own(
              rest(noise[i], ridge),
              Arrays.copyOfRange(z, i * size, (i + 1) * size),
              Arrays.copyOfRange(solved, i * size, (i + 1) * size),
              Arrays.copyOfRange(r, i * width, (i + 1) * width)));
    }
    return own;
  }

  /** What the noise of one unit's windows does to its own score. */
  final class Own {
    private final double rest;
    private final double diagonal;
    private final double a;
    private final double alpha;
    private final double[] r;
    private final double[] u;

    private Own(double rest, double[] z, double[] solved, double[] r) {
      this.rest = rest;
      this.diagonal = (1 - DualSystem.Block.dot(z, 0, solved, 0, size) / rest) / rest;
      double ofOnes = (1 - DualSystem.Block.dot(z, 0, ones, 0, size)) / rest;
      this.a = diagonal - ofOnes / k;
      this.alpha = diagonal - 2 * ofOnes / k + total / k / k;
      this.r = r;
      this.u = new double[width];
      Arrays.setAll(u, i -> r[i] / rest - towardsOnes[i] / k);
    }

    /** Returns the score. */
    double score() {
      return score(diagonal);
    }

    /**
     * Returns the score with the unit's embedding moved.
     *
     * @param delta by which
     * @param quadratic {@code δᵀPδ}
     * @param more noise V that it has then, besides what it has
     */
    double moved(double[] delta, double quadratic, double more) {
      double beta = 1 + DualSystem.Block.dot(delta, 0, u, 0, width);
      double b = DualSystem.Block.dot(delta, 0, r, 0, width) / rest;
      double gamma = quadratic - (DualSystem.Block.dot(delta, 0, delta, 0, width) - more);
      double determinant = alpha * gamma - beta * beta;
      return score(diagonal - (a * a * gamma - 2 * a * b * beta + b * b * alpha) / determinant);
    }

    private double score(double element) {
      return Math.min(1, Math.max(0, 1 - ridge * element));
    }
  }

  private static double[] inverse(double[] matrix, int size) {
    double[] system = matrix.clone();
    double[] inverse = new double[size * size];
    for (int i = 0; i < size; i++) {
      inverse[i + i * size] = 1;
    }
    intW info = new intW(0);
    LAPACK.getInstance().dgesv(size, size, system, size, new int[size], inverse, size, info);
    if (info.val != 0) {
      throw new IllegalArgumentException(
          "Cannot solve for the noise of the windows: the system is singular. Raise mixture.lambda.");
    }
    return inverse;
  }
}
