package org.chameleon.evaluation;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.exception.ConvergenceException;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresProblem;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;

/**
 * Fits a {@link LogLinearLaw} to n losses by the smallest sum of Huber losses of the residuals r:
 * {@code r²/2} up to δ, {@code δ (|r| - δ/2)} beyond, so that a run that went astray counts little.
 *
 * <p>Minimised by Levenberg and Marquardt's method over {@code sign(r) √(2 Huber(r))}, whose
 * squares add up to just that, from several floors: with the floor fixed, the rest is a straight
 * line through the logarithms. The parameters are few and the sum is smooth, so that a method of
 * second order finds the minimum to many digits, which one for millions of parameters would not. A
 * weak pull of the slopes to 0 decides where there are fewer runs than parameters.
 */
final class LawFit {
  /** Residuals above this, in bits per byte, count in proportion instead of by their squares. */
  static final double DELTA = 0.01;

  /** Root of the pull to 0: noise of 0.003 bits per byte over slopes of about 3. */
  private static final double PULL = 1e-3;

  /** The same of the floor's logit, which says nothing where losses are straight in the shares. */
  private static final double FLOOR_PULL = 1e-5;

  /** Steps that go too far must come back. */
  private static final double LARGEST_EXPONENT = 100;

  private static final int EVALUATIONS = 500;
  private static final double[] FLOORS = {0.02, 0.3, 0.6, 0.8, 0.9, 0.96, 0.99};

  private final double[][] mixtures;
  private final double[] losses;
  private final double smallest;
  private final int k;

  private LawFit(double[][] mixtures, double[] losses) {
    this.mixtures = mixtures;
    this.losses = losses;
    this.smallest = Arrays.stream(losses).min().orElseThrow();
    this.k = mixtures[0].length;
  }

  /**
   * Fits a law.
   *
   * @param mixtures shares, {@code (n, k)}
   * @param losses of the n runs, positive
   */
  static LogLinearLaw fit(double[][] mixtures, double[] losses) {
    LawFit fit = new LawFit(mixtures, losses);
    List<double[]> starts = Arrays.stream(FLOORS).mapToObj(fit::start).toList();
    return fit.best(starts);
  }

  /** Fits a law that is near another, from there alone. */
  static LogLinearLaw fitNear(LogLinearLaw near, double[][] mixtures, double[] losses) {
    LawFit fit = new LawFit(mixtures, losses);
    double floor = Math.min(Math.max(near.floor() / fit.smallest, 1e-3), 1 - 1e-3);
    double[] start = new double[fit.k + 2];
    start[0] = Math.log(floor / (1 - floor));
    start[1] = near.offset();
    System.arraycopy(near.slopes(), 0, start, 2, fit.k);
    return fit.best(List.of(start));
  }

  private LogLinearLaw best(List<double[]> starts) {
    Descent descent = new Descent();
    starts.forEach(descent::from);
    double[] best = descent.lowest;
    return new LogLinearLaw(
        smallest * sigmoid(best[0]), best[1], Arrays.copyOfRange(best, 2, k + 2));
  }

  /**
   * Returns the straight line through log(loss - c) for a floor, as a fraction of the least loss.
   */
  private double[] start(double floor) {
    RealMatrix design = new Array2DRowRealMatrix(losses.length + k, k + 1);
    RealVector logs = new ArrayRealVector(losses.length + k);
    for (int n = 0; n < losses.length; n++) {
      design.setEntry(n, 0, 1);
      design.setSubMatrix(new double[][] {mixtures[n]}, n, 1);
      logs.setEntry(n, Math.log(losses[n] - floor * smallest));
    }
    for (int j = 0; j < k; j++) {
      design.setEntry(losses.length + j, j + 1, 0.01);
    }
    RealVector line = new QRDecomposition(design).getSolver().solve(logs);
    double[] start = new double[k + 2];
    start[0] = Math.log(floor / (1 - floor));
    System.arraycopy(line.toArray(), 0, start, 1, k + 1);
    return start;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Returns r, or beyond δ what has twice the Huber loss of r as its square. */
  private static double rooted(double r) {
    double size = Math.abs(r);
    return size <= DELTA ? r : Math.copySign(Math.sqrt(2 * DELTA * size - DELTA * DELTA), r);
  }

  /**
   * The sum of squares at points {@code (logit of c over the least loss, t, a_1, …, a_k)}; keeps
   * the lowest that it saw.
   */
  private final class Descent implements MultivariateJacobianFunction {
    private double[] lowest;
    private double least = Double.POSITIVE_INFINITY;

    void from(double[] start) {
      LeastSquaresProblem problem =
          new LeastSquaresBuilder()
              .model(this)
              .target(new double[losses.length + k + 1])
              .start(start)
              .maxEvaluations(EVALUATIONS)
              .maxIterations(EVALUATIONS)
              .build();
      try {
        new LevenbergMarquardtOptimizer().optimize(problem);
      } catch (ConvergenceException | TooManyEvaluationsException e) {
        // Nothing lower is found in doubles, or in this time: the lowest point so far is kept.
        assert lowest != null;
      }
    }

    @Override
    public Pair<RealVector, RealMatrix> value(RealVector point) {
      double[] p = point.toArray();
      double[] values = new double[losses.length + k + 1];
      double[][] slopes = new double[values.length][k + 2];
      double part = sigmoid(p[0]);
      for (int n = 0; n < losses.length; n++) {
        double excess = excess(p, mixtures[n]);
        double r = smallest * part + excess - losses[n];
        values[n] = rooted(r);
        double slope = Math.abs(r) <= DELTA ? 1 : DELTA / Math.abs(values[n]);
        slopes[n][0] = slope * smallest * part * (1 - part);
        slopes[n][1] = slope * excess;
        for (int j = 0; j < k; j++) {
          slopes[n][2 + j] = slope * excess * mixtures[n][j];
        }
      }
      for (int j = 0; j < k; j++) {
        values[losses.length + j] = PULL * p[2 + j];
        slopes[losses.length + j][2 + j] = PULL;
      }
      values[losses.length + k] = FLOOR_PULL * p[0];
      slopes[losses.length + k][0] = FLOOR_PULL;
      RealVector found = new ArrayRealVector(values, false);
      double cost = found.getNorm();
      if (cost < least) {
        least = cost;
        lowest = p;
      }
      return new Pair<>(found, new Array2DRowRealMatrix(slopes, false));
    }

    private double excess(double[] p, double[] weights) {
      double exponent = p[1];
      for (int j = 0; j < k; j++) {
        exponent += p[2 + j] * weights[j];
      }
      return Math.exp(Math.min(exponent, LARGEST_EXPONENT));
    }
  }
}
