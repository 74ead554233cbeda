package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Laws that are fitted to losses drawn from known ones. */
class LawFitTest {
  private static final SortedMap<String, Double> PRIOR = DrawnTrials.weights(0.4, 0.3, 0.2, 0.1);
  private static final LogLinearLaw TRUE =
      new LogLinearLaw(0.8, -0.3, new double[] {-2.5, -0.4, 0.1, -1});
  private static final double[][] RUNS = shares(32, 1);
  private static final double[][] OTHERS = shares(200, 2);

  @Test
  void withoutNoiseTheLawIsFound() {
    LogLinearLaw found = LawFit.fit(RUNS, losses(RUNS, 0));
    assertThat(worst(found)).isLessThan(0.001);
    assertThat(found.floor()).isCloseTo(0.8, within(0.01));
    assertThat(found.slopes()).containsExactly(TRUE.slopes(), within(0.05));
    assertThat(found.offset()).isCloseTo(TRUE.offset(), within(0.05));
  }

  @Test
  void noiseOfRunsLeavesPredictionsClose() {
    assertThat(worst(LawFit.fit(RUNS, losses(RUNS, 0.003)))).isLessThan(0.012);
  }

  @Test
  void runsThatWentAstrayCountLittle() {
    double[] losses = losses(RUNS, 0.001);
    losses[7] += 1;
    losses[20] += 0.5;
    assertThat(worst(LawFit.fit(RUNS, losses))).isLessThan(0.02);
  }

  @Test
  void fewerRunsThanParametersGiveAFiniteLaw() {
    LogLinearLaw found = LawFit.fit(shares(3, 4), losses(shares(3, 4), 0.001));
    for (double[] mixture : OTHERS) {
      assertThat(found.loss(mixture)).isBetween(0.5, 3.0);
    }
  }

  @Test
  void lossesThatNoMixtureChangesGiveAFlatLaw() {
    double[] same = new double[RUNS.length];
    Arrays.fill(same, 1.25);
    LogLinearLaw found = LawFit.fit(RUNS, same);
    for (double[] mixture : OTHERS) {
      assertThat(found.loss(mixture)).isCloseTo(1.25, within(1e-4));
    }
  }

  @Test
  void aFitFromNearbyEndsAtTheSamePredictions() {
    double[] losses = losses(RUNS, 0.003);
    LogLinearLaw far = LawFit.fit(RUNS, losses);
    LogLinearLaw near = LawFit.fitNear(TRUE, RUNS, losses);
    for (double[] mixture : OTHERS) {
      assertThat(near.loss(mixture)).isCloseTo(far.loss(mixture), within(2e-3));
    }
  }

  @Test
  void slopesSumToNothing() {
    LogLinearLaw law = new LogLinearLaw(0, 1, new double[] {1, 2, 3});
    assertThat(law.slopes()).containsExactly(-1, 0, 1);
    assertThat(law.loss(new double[] {0.5, 0.5, 0})).isCloseTo(Math.exp(1 + 1.5), within(1e-12));
  }

  private static double worst(LogLinearLaw found) {
    return Arrays.stream(OTHERS)
        .mapToDouble(mixture -> Math.abs(found.loss(mixture) - TRUE.loss(mixture)))
        .max()
        .orElseThrow();
  }

  private static double[] losses(double[][] mixtures, double noise) {
    Random random = new Random(7);
    return Arrays.stream(mixtures)
        .mapToDouble(mixture -> TRUE.loss(mixture) + noise * random.nextGaussian())
        .toArray();
  }

  private static double[][] shares(int count, long seed) {
    List<SortedMap<String, Double>> mixtures = DirichletMixtures.around(PRIOR, count, seed);
    return mixtures.stream()
        .map(mixture -> mixture.values().stream().mapToDouble(w -> w).toArray())
        .toArray(double[][]::new);
  }
}
