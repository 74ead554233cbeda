package org.chameleon.mixture;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * 95 % intervals of the weights that infinitely many windows would give. They are around the
 * weights of the corrected affinity, so that a printed weight may lie outside: it is biased then by
 * more than its noise.
 */
final class Intervals {
  private static final double TAIL = 0.025;

  /** Rounding of a logarithm. */
  private static final double TINY = 1e-12;

  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  private final SamplingNoise noise;
  private final int[] unit;
  private final double[] shares;
  private final double[] printed;

  /** Creates the intervals of a mixture; shares of its unit's weight are taken as they are. */
  Intervals(SamplingNoise noise, Solved solved) {
    this.noise = noise;
    this.unit = solved.unit();
    this.shares = solved.shares();
    this.printed = solved.weights();
  }

  /** Returns the lower end, null where a domain has too few groups of windows to tell. */
  Double low(int domain) {
    return isKnown(domain) ? (Double) (corrected(domain) * Math.exp(-half(domain))) : null;
  }

  /** Returns the upper end, null where a domain has too few groups of windows to tell. */
  Double high(int domain) {
    if (!isKnown(domain)) {
      return null;
    }
    double half = half(domain);
    return Double.isInfinite(half)
        ? shares[domain]
        : Math.min(shares[domain], corrected(domain) * Math.exp(half));
  }

  /** Returns the weight that the corrected affinity gives. */
  double corrected(int domain) {
    return shares[domain] * noise.weights().values()[unit[domain]];
  }

  private boolean isKnown(int domain) {
    return !Double.isNaN(noise.noise()[unit[domain]]);
  }

  /** Half of the interval of the logarithm; 0 where nothing moves a weight. */
  private double half(int domain) {
    double variance = noise.variance(unit[domain]);
    if (variance == 0) {
      return 0;
    }
    return Double.isFinite(variance)
        ? new TDistribution(null, Math.max(1, noise.freedom()[unit[domain]]))
                .inverseCumulativeProbability(1 - TAIL)
            * Math.sqrt(variance)
        : Double.POSITIVE_INFINITY;
  }

  /**
   * Returns how many times the windows of a domain would do for its printed weight to lie inside
   * its interval: bias falls with their number, noise with its root. 1 or less where it does.
   */
  double missing(int domain) {
    double bias = Math.abs(Math.log(printed[domain] / corrected(domain)));
    return !isKnown(domain) || bias <= TINY ? 0 : Math.pow(bias / half(domain), 2);
  }

  /**
   * Returns the chance that two domains have the other order than the printed weights, {@code (k,
   * k)}; null for a domain whose noise is not known, one half on the diagonal.
   */
  Double[][] swaps() {
    int k = printed.length;
    Double[][] swaps = new Double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        if (isKnown(i) && isKnown(j)) {
          swaps[i][j] = swap(i, j);
        }
      }
    }
    return swaps;
  }

  private double swap(int one, int other) {
    double difference = Math.log(corrected(one) / corrected(other));
    double towards = Math.signum(printed[one] - printed[other]) * difference;
    double deviation = Math.sqrt(noise.variance(unit[one], unit[other]));
    // Where noise is more than all there is to see, logarithms have no variance; of two domains of
    // no
    // tokens in a family there is no difference: nothing is known.
    if (!Double.isFinite(deviation) || !(Math.abs(towards) > TINY * deviation)) {
      return 0.5;
    }
    if (deviation == 0) {
      return towards > 0 ? 0 : 1;
    }
    return NORMAL.cumulativeProbability(-towards / deviation);
  }
}
