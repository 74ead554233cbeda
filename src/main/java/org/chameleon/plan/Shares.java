package org.chameleon.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Shares as decimals that sum to exactly 1 as they are printed. */
public final class Shares {
  private static final int DECIMALS = 15;

  private Shares() {}

  /**
   * Scales values to sum 1 and rounds them; the largest takes the rest.
   *
   * @param values not negative, one of them positive
   */
  public static double[] of(double[] values) {
    double total = Arrays.stream(values).sum();
    BigDecimal[] rounded =
        Arrays.stream(values)
            .mapToObj(v -> BigDecimal.valueOf(v / total).setScale(DECIMALS, RoundingMode.HALF_EVEN))
            .toArray(BigDecimal[]::new);
    BigDecimal sum = Arrays.stream(rounded).reduce(BigDecimal.ZERO, BigDecimal::add);
    int largest =
        IntStream.range(0, values.length)
            .boxed()
            .max(Comparator.comparingDouble(i -> values[i]))
            .orElseThrow();
    rounded[largest] = rounded[largest].add(BigDecimal.ONE).subtract(sum);
    return Arrays.stream(rounded).mapToDouble(BigDecimal::doubleValue).toArray();
  }
}
