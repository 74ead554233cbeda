package org.chameleon.embedding;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;

/**
 * Exact sums of vectors, whatever the order: each float32 is a whole multiple of 2^-149, and is
 * added into integer bins of 16 binary digits. Merging and adding commute, so neither partitioning
 * nor arrival can move a bit of the mean. A double is added as three float32 that sum to it.
 *
 * <p>Between tasks and in files a sum is a few doubles that add up to it: the sum correctly
 * rounded, then what is left of it, and so on until nothing is. Equal sums have equal terms.
 */
public final class ExactSums implements Serializable {
  private static final long serialVersionUID = 2L;

  private static final int BITS = 16;
  private static final int BINS = 18;
  private static final int LOWEST_EXPONENT = -149;
  private static final int CARRY_EVERY = 1 << 22;
  private static final int MANTISSA = 52;
  private static final int HALF = 32;

  /** A long that bins are gathered in has room for sums of this many digits, and a sign. */
  private static final int LONG_DIGITS = 62;

  private long count;
  private int width;

  /** The terms of sums to which nothing has been added since; null where there are bins. */
  private double[] terms = new double[0];

  private transient long[] bins;
  private transient int sinceCarry;

  /** Adds one vector. All vectors must have the same width and finite values. */
  void add(double[] vector) {
    requireWidth(vector.length);
    if (count == 0) {
      terms = Arrays.stream(vector).map(ExactSums::inParts).toArray();
      count = 1;
      return;
    }
    spread();
    for (int i = 0; i < width; i++) {
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
    requireFinite(value);
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits >>> 23) & 0xff;
    long mantissa = exponent == 0 ? bits & 0x7fffff : (bits & 0x7fffff) | 0x800000;
    addPlaced(offset, bits < 0 ? -mantissa : mantissa, Math.max(exponent - 1, 0));
  }

  /** Returns what is added of a double. */
  private static double inParts(double value) {
    requireFinite(value);
    double sum = 0;
    double rest = value;
    for (float part = (float) rest; part != 0; part = (float) rest) {
      sum += part;
      rest -= part;
    }
    return sum;
  }

  private static void requireFinite(double value) {
    if (!Float.isFinite((float) value)) {
      throw new IllegalArgumentException(
          "Cannot average an embedding with value " + value + ". Check what made it.");
    }
  }

  private void addPlaced(int offset, long mantissa, int shift) {
    bins[offset + shift / BITS] += mantissa << (shift % BITS);
  }

  /** Adds all vectors that {@code other} has seen. */
  void merge(ExactSums other) {
    if (other.count == 0) {
      return;
    }
    requireWidth(other.width);
    if (count == 0) {
      terms = other.terms == null ? null : other.terms.clone();
      bins = other.bins == null ? null : other.bins.clone();
      sinceCarry = other.sinceCarry;
    } else {
      spread();
      if (other.bins == null) {
        addTerms(other.terms);
      } else {
        other.carry();
        for (int i = 0; i < bins.length; i++) {
          bins[i] += other.bins[i];
        }
      }
      carry();
    }
    count += other.count;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    terms = getTerms();
    bins = null;
    out.defaultWriteObject();
  }

  private void requireWidth(int other) {
    if (count == 0) {
      width = other;
    } else if (other != width) {
      throw new IllegalArgumentException(
          "Cannot average embeddings of width %d and %d. All must come from one proxy."
              .formatted(width, other));
    }
  }

  /** Makes bins of terms. */
  private void spread() {
    if (bins == null) {
      bins = new long[width * BINS];
      addTerms(terms);
      terms = null;
      carry();
    }
  }

  private void addTerms(double[] some) {
    int each = some.length / width;
    for (int i = 0; i < some.length; i++) {
      addTerm(i / each * BINS, some[i]);
    }
  }

  /** The low and the high half of the mantissa, so that shifted ones fit into a long. */
  private void addTerm(int offset, double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) ((bits >>> MANTISSA) & 0x7ff);
    if (exponent == 0) {
      return; // Nothing: a multiple of 2^-149 is never subnormal.
    }
    long mantissa = (bits & ((1L << MANTISSA) - 1)) | (1L << MANTISSA);
    int shift = exponent - Double.MAX_EXPONENT - MANTISSA - LOWEST_EXPONENT;
    if (shift < 0) {
      // What lies below the lowest bin is zeros.
      mantissa >>= -shift;
      shift = 0;
    }
    long low = mantissa & ((1L << HALF) - 1);
    long high = mantissa >> HALF;
    addPlaced(offset, bits < 0 ? -low : low, shift);
    if (high != 0) {
      addPlaced(offset, bits < 0 ? -high : high, shift + HALF);
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

  /** Returns the number of coordinates. */
  public int getWidth() {
    return width;
  }

  /** Sets the number of coordinates. */
  public void setWidth(int value) {
    width = value;
  }

  /** Returns the terms, {@code (width, as many as any coordinate needs)} in one array. */
  public double[] getTerms() {
    return terms == null ? gathered() : terms;
  }

  /** Sets the terms. */
  public void setTerms(double[] value) {
    terms = value;
    bins = null;
  }

  /** Returns the number of vectors. */
  long count() {
    return count;
  }

  /** Returns sums of as many vectors from their terms. */
  static ExactSums of(long count, int width, double[] terms) {
    ExactSums sums = new ExactSums();
    sums.count = count;
    sums.width = width;
    sums.terms = terms;
    return sums;
  }

  /** Returns the terms of the bins: as many for each coordinate as the longest has. */
  private double[] gathered() {
    carry();
    double[][] all = new double[width][];
    int most = 1;
    for (int i = 0; i < width; i++) {
      all[i] = terms(Arrays.copyOfRange(bins, i * BINS, (i + 1) * BINS));
      most = Math.max(most, all[i].length);
    }
    double[] together = new double[width * most];
    for (int i = 0; i < width; i++) {
      System.arraycopy(all[i], 0, together, i * most, all[i].length);
    }
    return together;
  }

  /** Returns the terms of one sum; of the magnitude, so that a small one is few digits. */
  private static double[] terms(long[] digits) {
    double sign = digits[BINS - 1] < 0 ? -1 : 1;
    if (sign < 0) {
      negate(digits);
    }
    int low = 0;
    int high = BINS - 1;
    while (high >= 0 && digits[high] == 0) {
      high--;
    }
    while (low < high && digits[low] == 0) {
      low++;
    }
    if (high < 0) {
      return new double[0];
    }
    int exponent = low * BITS + LOWEST_EXPONENT;
    int length = (high - low) * BITS + Long.SIZE - Long.numberOfLeadingZeros(digits[high]);
    return length <= LONG_DIGITS
        ? terms(digits, low, high, sign, exponent)
        : manyTerms(digits, low, high, sign, exponent);
  }

  private static void negate(long[] digits) {
    long over = 0;
    for (int i = 0; i < BINS; i++) {
      long value = over - digits[i];
      over = i < BINS - 1 ? value >> BITS : 0;
      digits[i] = value - (over << BITS);
    }
  }

  private static double[] terms(long[] digits, int low, int high, double sign, int exponent) {
    long sum = 0;
    for (int i = high; i >= low; i--) {
      sum = (sum << BITS) + digits[i];
    }
    double first = sum;
    long rest = sum - (long) first;
    double scaled = sign * Math.scalb(first, exponent);
    return rest == 0
        ? new double[] {scaled}
        : new double[] {scaled, sign * Math.scalb((double) rest, exponent)};
  }

  private static double[] manyTerms(long[] digits, int low, int high, double sign, int exponent) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = high; i >= low; i--) {
      sum = sum.shiftLeft(BITS).add(BigInteger.valueOf(digits[i]));
    }
    double[] terms = new double[BINS];
    int count = 0;
    while (sum.signum() != 0) {
      double term = sum.doubleValue();
      sum = sum.subtract(new BigDecimal(term).toBigIntegerExact());
      terms[count++] = sign * Math.scalb(term, exponent);
    }
    return Arrays.copyOf(terms, count);
  }

  /** Returns the mean of each coordinate, correctly rounded. */
  double[] mean() {
    double[] all = getTerms();
    int each = width == 0 ? 1 : all.length / width;
    double[] mean = new double[width];
    for (int i = 0; i < width; i++) {
      mean[i] = each == 1 ? all[i] / count + 0.0 : quotient(all, i * each, each);
    }
    return mean;
  }

  /**
   * Divides the sum of terms by their count. What the first division leaves is known exactly, what
   * that adds to the quotient is known to a few units of its last place: nearly always that decides
   * how the quotient is rounded.
   */
  private double quotient(double[] all, int from, int each) {
    double first = all[from] / count;
    double left = Math.fma(-first, (double) count, all[from]);
    double more = (left + all[from + 1]) / count;
    double error = 8 * Math.ulp(more);
    for (int i = from + 2; i < from + each; i++) {
      error = all[i] == 0 ? error : Double.NaN;
    }
    double least = first + (more - error);
    return least == first + (more + error) ? least : divided(all, from, each);
  }

  private double divided(double[] all, int from, int each) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = from; i < from + each; i++) {
      sum = sum.add(new BigDecimal(all[i]));
    }
    return sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
  }
}
