package org.chameleon.embedding;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Exact sums of vectors, whatever the order: each float32 is a whole multiple of 2^-149, and is
 * added into integer bins of 16 binary digits. Merging and adding commute, so neither partitioning
 * nor arrival can move a bit of the mean. A double is added as three float32 that sum to it.
 */
public final class ExactSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int BITS = 16;
  private static final int BINS = 18;
  private static final int LOWEST_EXPONENT = -149;
  private static final int CARRY_EVERY = 1 << 22;
  private static final BigDecimal UNIT = new BigDecimal(Math.scalb(1.0, LOWEST_EXPONENT));

  private long count;
  private long[] bins = new long[0];
  private int sinceCarry;

  /** Adds one vector. All vectors must have the same width and finite values. */
  void add(double[] vector) {
    if (count == 0) {
      bins = new long[vector.length * BINS];
    }
    requireWidth(vector.length * BINS);
    for (int i = 0; i < vector.length; i++) {
      double rest = vector[i];
      for (float part = (float) rest; part != 0; part = (float) rest) {
        addValue(i * BINS, part);
        rest -= part;
      }
    }
    count++;
    sinceCarry += 3;
    if (sinceCarry >= CARRY_EVERY) {
      carry();
    }
  }

  private void addValue(int offset, float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits >>> 23) & 0xff;
    if (exponent == 0xff) {
      throw new IllegalArgumentException(
          "Cannot average an embedding with value " + value + ". Check what made it.");
    }
    long mantissa = exponent == 0 ? bits & 0x7fffff : (bits & 0x7fffff) | 0x800000;
    int shift = Math.max(exponent - 1, 0);
    long placed = mantissa << (shift % BITS);
    bins[offset + shift / BITS] += bits < 0 ? -placed : placed;
  }

  /** Adds all vectors that {@code other} has seen. */
  void merge(ExactSums other) {
    if (other.count == 0) {
      return;
    }
    if (count == 0) {
      bins = other.bins.clone();
      count = other.count;
      sinceCarry = other.sinceCarry;
      return;
    }
    requireWidth(other.bins.length);
    carry();
    other.carry();
    for (int i = 0; i < bins.length; i++) {
      bins[i] += other.bins[i];
    }
    count += other.count;
    sinceCarry = 2;
  }

  private void requireWidth(int length) {
    if (length != bins.length) {
      throw new IllegalArgumentException(
          "Cannot average embeddings of width %d and %d. All must come from one proxy."
              .formatted(bins.length / BINS, length / BINS));
    }
  }

  private void carry() {
    for (int i = 0; i < bins.length; i++) {
      if (i % BINS != BINS - 1) {
        long over = bins[i] >> BITS;
        bins[i] -= over << BITS;
        bins[i + 1] += over;
      }
    }
    sinceCarry = 1;
  }

  // Spark's bean encoder moves sums between tasks, and wants these names.

  /** Returns the number of vectors. */
  public long getCount() {
    return count;
  }

  /** Sets the number of vectors. */
  public void setCount(long value) {
    count = value;
  }

  /** Returns the bins, {@code (width, 18)} in one array. */
  public long[] getBins() {
    return bins;
  }

  /** Sets the bins. */
  public void setBins(long[] value) {
    bins = value;
  }

  /** Returns how much may have gathered in a bin since carries were moved on. */
  public int getSinceCarry() {
    return sinceCarry;
  }

  /** Sets how much may have gathered in a bin. */
  public void setSinceCarry(int value) {
    sinceCarry = value;
  }

  /** Returns the number of vectors. */
  long count() {
    return count;
  }

  /** Returns sums of as many vectors from their bins. */
  static ExactSums of(long count, long[] bins) {
    ExactSums sums = new ExactSums();
    sums.count = count;
    sums.bins = bins;
    sums.sinceCarry = 1;
    return sums;
  }

  /**
   * Returns the bins in the one form that equal sums have: all but the highest of each coordinate
   * from 0 to 2^16 - 1.
   */
  long[] canonicalBins() {
    carry();
    return bins;
  }

  /** Returns the mean of each coordinate, correctly rounded. */
  double[] mean() {
    double[] mean = new double[bins.length / BINS];
    for (int i = 0; i < mean.length; i++) {
      BigInteger sum = BigInteger.ZERO;
      for (int j = BINS - 1; j >= 0; j--) {
        sum = sum.shiftLeft(BITS).add(BigInteger.valueOf(bins[i * BINS + j]));
      }
      mean[i] =
          new BigDecimal(sum)
              .multiply(UNIT)
              .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
              .doubleValue();
    }
    return mean;
  }
}
