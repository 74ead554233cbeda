package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Mixtures around a prior. */
class DirichletMixturesTest {
  private static final SortedMap<String, Double> PRIOR = DrawnTrials.weights(0.5, 0.3, 0.15, 0.05);

  @Test
  void eachIsAMixtureAndTheFirstIsThePrior() {
    List<SortedMap<String, Double>> drawn =
        DirichletMixtures.around(DrawnTrials.weights(50, 30, 15, 5), 200, 1);
    assertThat(drawn).hasSize(200);
    assertThat(drawn.get(0)).isEqualTo(PRIOR);
    for (SortedMap<String, Double> mixture : drawn) {
      assertThat(mixture.keySet()).isEqualTo(PRIOR.keySet());
      assertThat(mixture.values()).allMatch(share -> share >= 0 && share <= 1);
      assertThat(mixture.values().stream().mapToDouble(w -> w).sum()).isCloseTo(1, within(1e-12));
    }
    assertThat(drawn).doesNotHaveDuplicates();
  }

  @Test
  void theirMeanIsThePrior() {
    List<SortedMap<String, Double>> drawn = DirichletMixtures.around(PRIOR, 20_000, 3);
    PRIOR.forEach(
        (domain, share) ->
            assertThat(drawn.stream().mapToDouble(m -> m.get(domain)).average().orElseThrow())
                .isCloseTo(share, within(0.01)));
  }

  @Test
  void theySpreadFromTheCornersToThePrior() {
    List<SortedMap<String, Double>> drawn = DirichletMixtures.around(PRIOR, 400, 5);
    double far = drawn.subList(1, 100).stream().mapToDouble(m -> distance(m)).average().orElse(0);
    double near =
        drawn.subList(300, 400).stream().mapToDouble(m -> distance(m)).average().orElse(0);
    assertThat(far).isGreaterThan(1.5 * near);
    assertThat(drawn).anyMatch(m -> m.get("c") > 0.5).anyMatch(m -> m.get("a") < 0.02);
  }

  @Test
  void aSeedGivesThemAgainAndAnotherGivesOthers() {
    assertThat(DirichletMixtures.around(PRIOR, 9, 1))
        .isEqualTo(DirichletMixtures.around(PRIOR, 9, 1))
        .isNotEqualTo(DirichletMixtures.around(PRIOR, 9, 2));
  }

  @Test
  void domainsThatAreAlmostNothingAreDrawnToo() {
    SortedMap<String, Double> tiny = DrawnTrials.weights(1 - 1e-9, 1e-9, 0);
    for (SortedMap<String, Double> mixture : DirichletMixtures.around(tiny, 50, 1)) {
      assertThat(mixture.values()).allMatch(share -> share >= 0 && share <= 1);
      assertThat(mixture.get("c")).isZero();
    }
    assertThat(DirichletMixtures.around(PRIOR, 2, 1)).hasSize(2);
  }

  private static double distance(SortedMap<String, Double> mixture) {
    return PRIOR.keySet().stream()
        .mapToDouble(domain -> Math.abs(mixture.get(domain) - PRIOR.get(domain)))
        .sum();
  }
}
