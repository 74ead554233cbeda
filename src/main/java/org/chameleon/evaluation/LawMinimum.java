package org.chameleon.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.RealVector;
import org.chameleon.config.InvalidInputException;

/**
 * The mixture w for which fitted laws L_i are lowest: the minimum of
 *
 * <pre>  mean_i L_i(w) + κ Σ_j w_j log(w_j / p_j)   where   Σ_j w_j = 1,  0 ≤ w_j ≤ m_j</pre>
 *
 * <p>The sum is convex. Newton's method follows the minima of it with the barrier {@code -μ Σ_j
 * (log w_j + log(m_j - w_j))} as μ goes to 0: at its end the sum is above the true minimum by less
 * than {@code 2 k μ}. Dense: O(k³) a step, some tens of steps.
 */
final class LawMinimum {
  private static final double FIRST_BARRIER = 1e-2;
  private static final double LAST_BARRIER = 1e-12;

  /** Steps for each μ; a few are enough. */
  private static final int STEPS = 50;

  /** Caps whose sum is as near to 1 as this leave no choice. */
  private static final double ROUNDING = 1e-9;

  private final List<LogLinearLaw> laws;
  private final double[] prior;
  private final double[] most;
  private final double strength;
  private double barrier = FIRST_BARRIER;

  private LawMinimum(List<LogLinearLaw> laws, double[] prior, double[] most, double strength) {
    this.laws = laws;
    this.prior = prior;
    this.most = most;
    this.strength = strength;
  }

  /**
   * Returns the minimum, of sum 1.
   *
   * @param laws of the losses whose mean is to be low; one alone for a single target
   * @param prior p, not negative, of sum 1; a share of 0 stays 0
   * @param most m, largest shares, not negative; 1 or more where there is no limit
   * @param strength κ of the pull to the prior, not negative
   * @throws InvalidInputException if the largest shares do not reach 1 together
   */
  static double[] of(List<LogLinearLaw> laws, double[] prior, double[] most, double strength) {
    int[] free =
        IntStream.range(0, prior.length).filter(j -> prior[j] > 0 && most[j] > 0).toArray();
    double[] caps = Arrays.stream(at(free, most)).map(cap -> Math.min(1, cap)).toArray();
    double room = Arrays.stream(caps).sum();
    if (room < 1 - ROUNDING) {
      throw new InvalidInputException(
          ("Cannot find a mixture: within their epochs the domains reach %s of the training "
                  + "tokens. Lower plan.tokens or raise plan.max-epochs.")
              .formatted(room));
    }
    List<LogLinearLaw> inside =
        laws.stream()
            .map(law -> new LogLinearLaw(law.floor(), law.offset(), at(free, law.slopes())))
            .toList();
    double[] shares =
        room < 1 + ROUNDING
            ? caps
            : new LawMinimum(inside, at(free, prior), caps, strength).minimum();
    double[] found = new double[prior.length];
    for (int i = 0; i < free.length; i++) {
      found[free[i]] = shares[i] / Arrays.stream(shares).sum();
    }
    return found;
  }

  private static double[] at(int[] indices, double[] values) {
    return Arrays.stream(indices).mapToDouble(j -> values[j]).toArray();
  }

  private double[] minimum() {
    double room = Arrays.stream(most).sum();
    double[] w = Arrays.stream(most).map(cap -> cap / room).toArray();
    for (; barrier >= LAST_BARRIER; barrier /= 10) {
      for (int step = 0; step < STEPS; step++) {
        double[] gradient = gradient(w);
        double[] direction = direction(w, gradient);
        double slope = dot(gradient, direction);
        double[] next = slope < 0 ? along(w, direction, slope) : w;
        if (Arrays.equals(next, w) || -slope < barrier * 1e-6) {
          break;
        }
        w = next;
      }
    }
    return w;
  }

  /** Returns the sum with its barrier; infinite outside the bounds. */
  private double value(double[] w) {
    double value = laws.stream().mapToDouble(law -> law.loss(w)).average().orElseThrow();
    for (int j = 0; j < w.length; j++) {
      if (!(w[j] > 0 && w[j] < most[j])) {
        return Double.POSITIVE_INFINITY;
      }
      value += strength * w[j] * Math.log(w[j] / prior[j]);
      value -= barrier * (Math.log(w[j]) + Math.log(most[j] - w[j]));
    }
    return value;
  }

  private double[] gradient(double[] w) {
    double[] gradient = new double[w.length];
    for (LogLinearLaw law : laws) {
      double excess = law.excess(w) / laws.size();
      Arrays.setAll(gradient, j -> gradient[j] + excess * law.slopes()[j]);
    }
    for (int j = 0; j < w.length; j++) {
      gradient[j] += strength * (1 + Math.log(w[j] / prior[j]));
      gradient[j] += barrier * (1 / (most[j] - w[j]) - 1 / w[j]);
    }
    return gradient;
  }

  /** Returns Newton's step among those that leave the sum of the shares as it is. */
  private double[] direction(double[] w, double[] gradient) {
    Array2DRowRealMatrix curvature = new Array2DRowRealMatrix(w.length, w.length);
    for (LogLinearLaw law : laws) {
      double excess = law.excess(w) / laws.size();
      double[] slopes = law.slopes();
      for (int i = 0; i < w.length; i++) {
        for (int j = 0; j < w.length; j++) {
          curvature.addToEntry(i, j, excess * (slopes[i] * slopes[j]));
        }
      }
    }
    for (int j = 0; j < w.length; j++) {
      double room = most[j] - w[j];
      double bend = strength / w[j] + barrier * (1 / (w[j] * w[j]) + 1 / (room * room));
      curvature.addToEntry(j, j, bend);
    }
    DecompositionSolver solver = new CholeskyDecomposition(curvature, 1e-12, 0).getSolver();
    RealVector steepest = solver.solve(new ArrayRealVector(gradient));
    RealVector sideways = solver.solve(new ArrayRealVector(w.length, 1));
    double pull = Arrays.stream(steepest.toArray()).sum() / Arrays.stream(sideways.toArray()).sum();
    return sideways.mapMultiply(pull).subtract(steepest).toArray();
  }

  /**
   * Returns the first point on the way, halving the step, that is lower by enough; or the start.
   */
  private double[] along(double[] w, double[] direction, double slope) {
    double start = value(w);
    for (double step = 1; step > 1e-12; step /= 2) {
      double[] next = new double[w.length];
      for (int j = 0; j < w.length; j++) {
        next[j] = w[j] + step * direction[j];
      }
      if (value(next) <= start + 0.1 * step * slope) {
        return next;
      }
    }
    return w;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(j -> a[j] * b[j]).sum();
  }
}
