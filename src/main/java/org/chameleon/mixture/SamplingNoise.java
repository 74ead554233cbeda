package org.chameleon.mixture;

import dev.ludovic.netlib.lapack.LAPACK;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.embedding.DomainEmbedding;
import org.netlib.util.intW;

/**
 * What the finite number of windows does to the weights: the mean of n windows is off, so that K is
 * too large on average, by {@code H diag(V) H} with {@code V_i = E|x_i - μ_i|²}, and so are the
 * scores. Here V is estimated from the groups of each domain's windows, K is corrected by it, and
 * the weights of the corrected K have a covariance by the delete-a-group jackknife.
 *
 * <p>With a group g left out, {@code x_i} becomes {@code x_i + δ} and, with {@code h = H e_i}, K
 * changes by {@code h (Cδ)ᵀ + (Cδ) hᵀ + |δ|² h hᵀ}, C the centred means: of rank 2, so that each
 * replicate costs O(k (k + d)), not O(k³). λ stays that of all windows.
 *
 * @param scores of the corrected K
 * @param weights of the corrected K: what infinitely many windows would give, as far as is known
 * @param noise V, by unit; NaN where a domain of it has fewer than two groups
 * @param covariance of the logarithms of the weights, {@code (k, k)}, column-major; or the
 *     variances alone, k of them
 * @param freedom degrees of freedom of each variance (Satterthwaite)
 */
@SuppressWarnings("ArrayRecordComponent") // results handed on, compared nowhere
record SamplingNoise(
    LeverageScores scores, Weights weights, double[] noise, double[] covariance, double[] freedom) {

  /** Estimates the noise of domains or families, at least one. */
  static SamplingNoise of(List<Units.Unit> units, MixtureConfig config) {
    return new Jackknife(units, config).noise();
  }

  /** Returns the variance of the logarithm of a weight. */
  double variance(int unit) {
    int step = covariance.length == noise.length ? 1 : noise.length + 1;
    return covariance[unit * step];
  }

  /** Returns the variance of the difference of the logarithms of two weights. */
  double variance(int one, int other) {
    double both = covariance[one + other * noise.length];
    return Math.max(0, variance(one) + variance(other) - 2 * both);
  }

  /** Returns what each leave-one-out mean of a domain differs by from its mean. */
  static double[][] deltas(DomainEmbedding domain) {
    List<DomainEmbedding.Group> groups = domain.groups();
    double[][] deltas = new double[groups.size()][];
    double all = groups.stream().mapToLong(DomainEmbedding.Group::samples).sum();
    for (int g = 0; g < deltas.length; g++) {
      double[] group = groups.get(g).mean();
      double part = groups.get(g).samples() / (all - groups.get(g).samples());
      deltas[g] = new double[group.length];
      for (int j = 0; j < group.length; j++) {
        deltas[g][j] = part * (domain.mean()[j] - group[j]);
      }
    }
    return deltas;
  }

  /** Returns V of a unit; NaN where a domain of it has fewer than two groups. */
  static double noise(Units.Unit unit) {
    double sum = 0;
    for (int i = 0; i < unit.parts().length; i++) {
      sum += unit.parts()[i] * unit.parts()[i] * noise(unit.domains().get(i));
    }
    return sum;
  }

  /** Returns V of a domain; NaN where it has fewer than two groups. */
  static double noise(DomainEmbedding domain) {
    int groups = domain.groups().size();
    if (groups < 2) {
      return Double.NaN;
    }
    double squares = 0;
    for (double[] delta : deltas(domain)) {
      for (double value : delta) {
        squares += value * value;
      }
    }
    return (groups - 1.0) / groups * squares;
  }

  /** The computation. */
  private static final class Jackknife {
    private final List<Units.Unit> units;
    private final MixtureConfig config;
    private final int k;
    private final Reuse reuse;
    private final double[] noise;
    private final double[][] centred;
    private final double[] affinity;

    Jackknife(List<Units.Unit> units, MixtureConfig config) {
      this.units = units;
      this.config = config;
      this.k = units.size();
      this.reuse = Reuse.of(units.stream().map(Units.Unit::name).toList(), config);
      this.noise = units.stream().mapToDouble(SamplingNoise::noise).toArray();
      List<double[]> means = units.stream().map(Units.Unit::mean).toList();
      this.centred = Affinity.centred(means);
      this.affinity = corrected(Affinity.of(means).toArray());
    }

    private double known(int unit) {
      return Double.isNaN(noise[unit]) ? 0 : noise[unit];
    }

    /** Returns {@code K - H diag(V) H}. */
    private double[] corrected(double[] values) {
      double total = 0;
      for (int i = 0; i < k; i++) {
        total += known(i);
      }
      double[] result = values.clone();
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          double own = i == j ? known(i) : 0;
          result[i + j * k] -= own - (known(i) + known(j)) / k + total / k / k;
        }
      }
      return result;
    }

    SamplingNoise noise() {
      DenseMatrix matrix = new DenseMatrix(k, k, affinity);
      double lambda = config.lambda(matrix);
      double[] inverse = inverse(affinity, lambda);
      LeverageScores scores = scores(diagonal(inverse), lambda);
      Weights weights = Weights.of(config.entering(scores), config).with(reuse);
      double[] covariance = new double[k * k];
      double[] squares = new double[k];
      if (k > 2) {
        for (int i = 0; i < k; i++) {
          for (int member = 0; member < units.get(i).parts().length; member++) {
            add(i, member, inverse, lambda, covariance, squares);
          }
        }
      }
      double[] freedom = new double[k];
      Arrays.setAll(
          freedom, i -> squares[i] > 0 ? Math.pow(covariance[i + i * k], 2) / squares[i] : 1);
      return new SamplingNoise(scores, weights, noise, covariance, freedom);
    }

    /** Adds what the windows of one domain contribute. */
    private void add(
        int unit,
        int member,
        double[] inverse,
        double lambda,
        double[] covariance,
        double[] squares) {
      DomainEmbedding domain = units.get(unit).domains().get(member);
      double part = units.get(unit).parts()[member];
      int groups = domain.groups().size();
      if (groups < 2) {
        return;
      }
      double[][] logs = new double[groups][];
      double[] means = new double[k];
      double[][] deltas = deltas(domain);
      for (double[] delta : deltas) {
        Arrays.setAll(delta, j -> part * delta[j]);
      }
      double more = part * part * SamplingNoise.noise(domain) / (groups - 1);
      double[] h = new double[k];
      Arrays.setAll(h, j -> (j == unit ? 1 : 0) - 1.0 / k);
      double[] a = times(inverse, h);
      for (int g = 0; g < groups; g++) {
        logs[g] = logs(a, h, deltas[g], more, inverse, lambda);
        for (int j = 0; j < k; j++) {
          means[j] += logs[g][j] / groups;
        }
      }
      double factor = (groups - 1.0) / groups;
      double[] own = new double[k];
      for (double[] replicate : logs) {
        Arrays.setAll(replicate, j -> replicate[j] - means[j]);
        for (int j = 0; j < k; j++) {
          own[j] += factor * replicate[j] * replicate[j];
          double scaled = factor * replicate[j];
          for (int i = 0; i < k; i++) {
            covariance[i + j * k] += scaled * replicate[i];
          }
        }
      }
      for (int j = 0; j < k; j++) {
        squares[j] += own[j] * own[j] / (groups - 1);
      }
    }

    /** Returns the logarithms of the weights with {@code x_i} moved by δ, and V_i more noise. */
    private double[] logs(
        double[] a, double[] h, double[] delta, double more, double[] inverse, double lambda) {
      double[] p = new double[k];
      Arrays.setAll(p, j -> dot(centred[j], delta));
      double[] b = times(inverse, p);
      double alpha = dot(h, a);
      double beta = 1 + dot(p, a);
      double gamma = dot(p, b) - (dot(delta, delta) - more);
      double determinant = alpha * gamma - beta * beta;
      double[] diagonal = diagonal(inverse);
      Arrays.setAll(
          diagonal,
          j ->
              diagonal[j]
                  - (a[j] * a[j] * gamma - 2 * a[j] * b[j] * beta + b[j] * b[j] * alpha)
                      / determinant);
      double[] entering = config.entering(scores(diagonal, lambda));
      double[] weights = Weights.of(entering, config).with(reuse).values();
      return Arrays.stream(weights).map(Math::log).toArray();
    }

    /** Scores {@code 1 - λ k (K + λ k I)⁻¹_jj}, from the diagonal of the inverse. */
    private LeverageScores scores(double[] diagonal, double lambda) {
      return LeverageScores.ofRaw(
          Arrays.stream(diagonal)
              .map(value -> Math.min(1, Math.max(0, 1 - lambda * k * value)))
              .toArray(),
          lambda);
    }

    private double[] times(double[] matrix, double[] vector) {
      double[] result = new double[k];
      for (int j = 0; j < k; j++) {
        for (int i = 0; i < k; i++) {
          result[i] += matrix[i + j * k] * vector[j];
        }
      }
      return result;
    }

    private double[] diagonal(double[] matrix) {
      double[] diagonal = new double[k];
      Arrays.setAll(diagonal, i -> matrix[i + i * k]);
      return diagonal;
    }

    /** Returns {@code (K + λ k I)⁻¹}; where noise was more than K, negative eigenvalues are 0. */
    private double[] inverse(double[] matrix, double lambda) {
      double[] system = matrix.clone();
      double[] inverse = new double[k * k];
      for (int i = 0; i < k; i++) {
        system[i + i * k] += lambda * k;
        inverse[i + i * k] = 1;
      }
      intW info = new intW(0);
      LAPACK.getInstance().dposv("L", k, k, system, k, inverse, k, info);
      return info.val == 0 ? inverse : inverse(positive(matrix), lambda);
    }

    /** Returns a symmetric matrix without its negative eigenvalues. */
    private double[] positive(double[] matrix) {
      double[] vectors = matrix.clone();
      double[] values = new double[k];
      double[] work = new double[Math.max(1, 34 * k)];
      intW info = new intW(0);
      LAPACK.getInstance().dsyev("V", "L", k, vectors, k, values, work, work.length, info);
      double[] result = new double[k * k];
      for (int v = 0; v < k; v++) {
        for (int j = 0; values[v] > 0 && j < k; j++) {
          double scaled = values[v] * vectors[j + v * k];
          for (int i = 0; i < k; i++) {
            result[i + j * k] += scaled * vectors[i + v * k];
          }
        }
      }
      return result;
    }

    private static double dot(double[] one, double[] other) {
      double sum = 0;
      for (int i = 0; i < one.length; i++) {
        sum += one[i] * other[i];
      }
      return sum;
    }
  }
}
