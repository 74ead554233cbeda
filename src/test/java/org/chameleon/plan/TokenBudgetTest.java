package org.chameleon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Properties of sharing out a budget, over random cases. */
class TokenBudgetTest {
  @Test
  void tenThousandRandomPlansAddUpAndHoldTheirLimits() {
    Random random = new Random(1);
    int planned = 0;
    for (int trial = 0; trial < 10_000; trial++) {
      int k = 1 + random.nextInt(8);
      double[] weights = new double[k];
      double[] floors = new double[k];
      double[] ceilings = new double[k];
      double[] available = new double[k];
      for (int i = 0; i < k; i++) {
        weights[i] = Math.exp(4 * random.nextGaussian());
        available[i] = 1 + random.nextInt(4000);
        floors[i] = random.nextInt(3) == 0 ? random.nextDouble() / k : 0;
        ceilings[i] = random.nextInt(3) == 0 ? Math.max(floors[i], random.nextDouble()) : 1;
      }
      DomainBounds bounds = new DomainBounds(floors, ceilings, available);
      long budget = 1 + (long) (random.nextDouble() * bounds.available());
      long largest = bounds.largest(budget);
      assertThat(largest < budget).isNotEqualTo(bounds.allow(budget));
      if (largest == 0) {
        continue;
      }
      planned++;
      double[] least = bounds.least(largest);
      double[] most = bounds.most(largest);
      double[] shares = TokenBudget.shares(weights, least, most, (double) largest);
      long[] tokens = TokenBudget.whole(shares, least, most, largest);
      assertThat(Arrays.stream(tokens).sum()).isEqualTo(largest);
      for (int i = 0; i < k; i++) {
        assertThat((double) tokens[i]).isBetween(least[i], most[i]);
        assertThat(shares[i]).isBetween(least[i], most[i]);
        for (int j = 0; j < k; j++) {
          // At one level: who has less for its weight is at its most, or the other at its least.
          boolean lower = shares[i] / weights[i] < shares[j] / weights[j] * (1 - 1e-9);
          if (lower) {
            assertThat(shares[i] == most[i] || shares[j] == least[j]).isTrue();
          }
        }
      }
      int[] order = shuffled(k, random);
      DomainBounds permuted =
          new DomainBounds(at(order, floors), at(order, ceilings), at(order, available));
      assertThat(
              TokenBudget.shares(
                  at(order, weights),
                  permuted.least(largest),
                  permuted.most(largest),
                  (double) largest))
          .containsExactly(at(order, shares), within(1e-6));
    }
    assertThat(planned).isGreaterThan(7000);
  }

  @Test
  void aHeavierWeightNeverGetsFewerTokens() {
    Random random = new Random(3);
    for (int trial = 0; trial < 10_000; trial++) {
      int k = 2 + random.nextInt(6);
      double[] weights = random.doubles(k, .01, 1).toArray();
      double[] most = random.doubles(k, 1000, 5000).map(Math::floor).toArray();
      double[] least = random.doubles(k, 0, 20).map(Math::floor).toArray();
      double budget = 900;
      double before = TokenBudget.shares(weights, least, most, budget)[0];
      weights[0] *= 1 + random.nextDouble();
      assertThat(TokenBudget.shares(weights, least, most, budget)[0])
          .isGreaterThanOrEqualTo(before - 1e-9);
    }
  }

  private static int[] shuffled(int k, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, k).boxed().toList());
    Collections.shuffle(order, random);
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] at(int[] order, double[] values) {
    return Arrays.stream(order).mapToDouble(i -> values[i]).toArray();
  }
}
