package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The minimum of laws against brute force, the conditions of optimality, and formulas. */
class LawMinimumTest {
  private static final double[] PRIOR = {0.6, 0.3, 0.1};
  private static final double[] FREE = {1, 1, 1};

  @ParameterizedTest
  @CsvSource({
    "1, 0.05, 1, 1, 1",
    "2, 0, 1, 1, 1",
    "3, 0.3, 1, 1, 1",
    "4, 0.01, 0.5, 0.4, 0.3",
    "5, 0.05, 0.2, 1, 1",
    "6, 0, 0.45, 0.3, 1",
    "7, 0.05, 1, 1, 0.02"
  })
  void noPointOfAFineGridIsLower(long seed, double strength, double a, double b, double c) {
    List<LogLinearLaw> laws = laws(3, 3, seed);
    double[] most = {a, b, c};
    double[] found = LawMinimum.of(laws, PRIOR, most, strength);
    assertThat(Arrays.stream(found).sum()).isCloseTo(1, within(1e-12));
    for (int j = 0; j < 3; j++) {
      assertThat(found[j]).isBetween(0.0, most[j] + 1e-9);
    }
    double lowest = Double.POSITIVE_INFINITY;
    double[] nearest = null;
    int steps = 1000;
    for (int i = 0; i <= steps * a; i++) {
      for (int j = 0; j <= steps * b; j++) {
        double[] w = {(double) i / steps, (double) j / steps, (steps - i - j) / (double) steps};
        if (w[2] >= 0 && w[2] <= c && objective(laws, PRIOR, strength, w) < lowest) {
          lowest = objective(laws, PRIOR, strength, w);
          nearest = w;
        }
      }
    }
    double value = objective(laws, PRIOR, strength, found);
    assertThat(value).isLessThanOrEqualTo(lowest + 1e-9).isGreaterThan(lowest - 1e-3);
    assertThat(found).containsExactly(nearest, within(0.01));
  }

  @Test
  void atTheMinimumNoShareCanBeMovedToGain() {
    for (int seed = 0; seed < 20; seed++) {
      int k = 3 + seed;
      List<LogLinearLaw> laws = laws(k, k, seed);
      double[] prior = new double[k];
      double[] most = new double[k];
      Random random = new Random(seed);
      for (int j = 0; j < k; j++) {
        prior[j] = 1.0 / k;
        most[j] = (1 + 2 * random.nextDouble()) / k;
      }
      double strength = seed % 2 == 0 ? 0.05 : 0.002;
      double[] found = LawMinimum.of(laws, prior, most, strength);
      double[] slopes = slopes(laws, prior, strength, found);
      // Of two domains, one with room above must not be steeper downhill than one with room below.
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          if (found[i] < most[i] - 1e-6 && found[j] > 1e-6) {
            assertThat(slopes[i]).isGreaterThan(slopes[j] - 1e-6);
          }
        }
      }
    }
  }

  @Test
  void ofOneLawWithAPullItIsASoftmax() {
    // c + exp(t + a·w) at its minimum E has the slopes a E: w ∝ p exp(-a E / κ).
    LogLinearLaw law = new LogLinearLaw(0.5, 0, new double[] {-1, 0, 1});
    double[] found = LawMinimum.of(List.of(law), PRIOR, FREE, 0.5);
    double excess = law.excess(found);
    double[] expected =
        IntStream.range(0, 3)
            .mapToDouble(j -> PRIOR[j] * Math.exp(-law.slopes()[j] * excess / 0.5))
            .toArray();
    double sum = Arrays.stream(expected).sum();
    double[] shares = Arrays.stream(expected).map(x -> x / sum).toArray();
    assertThat(found).containsExactly(shares, within(1e-7));
  }

  @Test
  void withoutAPullOneLawTakesItsSteepestDomains() {
    LogLinearLaw law = new LogLinearLaw(0.5, 0, new double[] {-1, -2, 1});
    assertThat(LawMinimum.of(List.of(law), PRIOR, FREE, 0))
        .containsExactly(new double[] {0, 1, 0}, within(1e-6));
    assertThat(LawMinimum.of(List.of(law), PRIOR, new double[] {1, 0.3, 1}, 0))
        .containsExactly(new double[] {0.7, 0.3, 0}, within(1e-6));
  }

  @Test
  void aStrongPullKeepsThePrior() {
    double[] found = LawMinimum.of(laws(3, 3, 1), PRIOR, FREE, 1000);
    assertThat(found).containsExactly(PRIOR, within(1e-3));
  }

  @Test
  void whatIsNotInThePriorOrMayHaveNothingGetsNothing() {
    double[] found =
        LawMinimum.of(
            laws(4, 4, 2), new double[] {0.5, 0, 0.3, 0.2}, new double[] {1, 1, 0, 1}, 0.05);
    assertThat(found[1]).isZero();
    assertThat(found[2]).isZero();
    assertThat(found[0] + found[3]).isCloseTo(1, within(1e-12));
  }

  @Test
  void capsThatLeaveNoChoiceAreTheMixture() {
    double[] caps = {0.5, 0.3, 0.2};
    assertThat(LawMinimum.of(laws(3, 3, 2), PRIOR, caps, 0.05))
        .containsExactly(caps, within(1e-12));
  }

  @Test
  void capsThatDoNotReachTheBudgetAreRefused() {
    assertThatThrownBy(
            () -> LawMinimum.of(laws(3, 3, 2), PRIOR, new double[] {0.5, 0.2, 0.2}, 0.05))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the domains reach 0.9 of the training tokens")
        .hasMessageContaining("plan.max-epochs");
  }

  @Test
  void twiceIsTheSameToTheLastBit() {
    List<LogLinearLaw> laws = laws(3, 3, 9);
    assertThat(LawMinimum.of(laws, PRIOR, FREE, 0.05))
        .isEqualTo(LawMinimum.of(laws, PRIOR, FREE, 0.05));
  }

  /** Returns laws that fall most with their own domain. */
  private static List<LogLinearLaw> laws(int count, int k, long seed) {
    Random random = new Random(seed);
    List<LogLinearLaw> laws = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] slopes = random.doubles(k, -0.5, 0.5).toArray();
      slopes[i % k] -= 1 + 3 * random.nextDouble();
      laws.add(new LogLinearLaw(1, random.nextDouble() - 0.5, slopes));
    }
    return laws;
  }

  private static double objective(
      List<LogLinearLaw> laws, double[] prior, double strength, double[] w) {
    double value = laws.stream().mapToDouble(law -> law.loss(w)).average().orElseThrow();
    for (int j = 0; j < w.length; j++) {
      value += w[j] > 0 ? strength * w[j] * Math.log(w[j] / prior[j]) : 0;
    }
    return value;
  }

  private static double[] slopes(
      List<LogLinearLaw> laws, double[] prior, double strength, double[] w) {
    return IntStream.range(0, w.length)
        .mapToDouble(
            j ->
                laws.stream().mapToDouble(l -> l.excess(w) * l.slopes()[j]).average().orElseThrow()
                    + strength * (1 + Math.log(Math.max(w[j], 1e-300) / prior[j])))
        .toArray();
  }
}
