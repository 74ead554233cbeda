package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chameleon.mixture.Objective;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Corpora whose best mixture is known: the loss of each domain falls with its own tokens at a rate
 * that is given.
 */
class KnownOptimumTest {
  private static final SortedMap<String, Double> PROPORTIONAL =
      DrawnTrials.weights(0.4, 0.3, 0.2, 0.1);
  private static final double NEAR = 0.05;
  private static final double NOISE = 0.002;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theLogLinearLawRecommendsItWhereLossesFallExponentially(long seed) {
    double[] best = {0.2, 0.3, 0.15, 0.35};
    RegMixLaws laws = fitted(exponentials(best, 4), seed, 16);
    SortedMap<String, Double> found = laws.minimum(PROPORTIONAL, Map.of(), 0.05);
    assertThat(values(found)).containsExactly(best, within(NEAR));
    assertThat(laws.rankCorrelation()).isGreaterThan(0.97);
    assertThat(laws.residual()).isLessThan(0.01);
    assertThat(laws.loss(found)).isCloseTo(1.4, within(0.02));
  }

  /** Here the law has not the form of the losses: it needs more runs, and the pull must be weak. */
  @Test
  void theLogLinearLawNearlyAlwaysRecommendsItWhereLossesFallByAPower() {
    double[] best = {0.3, 0.25, 0.2, 0.25};
    int near = 0;
    for (int seed = 0; seed < 20; seed++) {
      double[] found = values(fitted(powers(best), seed, 64).minimum(PROPORTIONAL, Map.of(), 0.01));
      if (IntStream.range(0, 4).allMatch(i -> Math.abs(found[i] - best[i]) <= NEAR)) {
        near++;
      }
    }
    assertThat(near).isGreaterThanOrEqualTo(19);
  }

  @Test
  void underEpochCapsTheRestIsSharedAsWellAsItCanBe() {
    double[] best = {0.2, 0.3, 0.15, 0.35};
    SortedMap<String, Double> found =
        fitted(exponentials(best, 4), 1, 16).minimum(PROPORTIONAL, Map.of("d", 0.2), 0.01);
    assertThat(found.get("d")).isCloseTo(0.2, within(1e-6));
    // At the same rate, what one may not take is shared alike by the others.
    double[] expected = {0.25, 0.35, 0.2, 0.2};
    assertThat(values(found)).containsExactly(expected, within(NEAR));
  }

  @Test
  void lossesThatTheMixtureDoesNotExplainAreSeenInTheFit() {
    Random random = new Random(5);
    List<SortedMap<String, Double>> mixtures = DirichletMixtures.around(PROPORTIONAL, 32, 5);
    List<SortedMap<String, Double>> losses =
        mixtures.stream()
            .map(m -> DrawnTrials.weights(random.doubles(4, 1, 1.1).toArray()))
            .toList();
    RegMixLaws laws = RegMixLaws.fit(mixtures, losses);
    assertThat(laws.rankCorrelation()).isLessThan(RegMixLaws.GOOD);
    assertThat(laws.residual()).isGreaterThan(0.01);
  }

  @Test
  void aTargetAloneIsMinimisedFor() {
    List<SortedMap<String, Double>> mixtures = DirichletMixtures.around(PROPORTIONAL, 32, 8);
    // Falls fastest with b, then with c: only the cap of b leaves something to c.
    List<SortedMap<String, Double>> losses =
        mixtures.stream()
            .map(
                m -> {
                  SortedMap<String, Double> loss = new TreeMap<>();
                  loss.put("target", 1 + Math.exp(-2 * m.get("b") - m.get("c")));
                  return loss;
                })
            .toList();
    RegMixLaws laws = RegMixLaws.fit(mixtures, losses);
    SortedMap<String, Double> found = laws.minimum(PROPORTIONAL, Map.of("b", 0.6), 0);
    assertThat(values(found)).containsExactly(new double[] {0, 0.6, 0.4, 0}, within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theGridRecommendsIt(long seed) {
    EvaluationConfig.Grid grid =
        new EvaluationConfig.Grid(
            List.of(Objective.PRETRAIN, Objective.FINETUNE), List.of(4.0, 16.0), List.of(0.5, 1.0));
    Map<String, SortedMap<String, Double>> entries =
        new GridCandidates(
                GridCandidatesTest.mixture(null), DrawnTrials.weights(0.25, 0.25, 0.25, 0.25), 1)
            .of(grid);
    List<String> names = List.copyOf(entries.keySet());
    double[] best = values(entries.get(names.get((int) (seed % names.size()))));
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(DrawnTrials.candidate("uniform", 0.25, 0.25, 0.25, 0.25));
    candidates.add(new Candidate("proportional", PROPORTIONAL, 0, 0));
    entries.forEach((name, weights) -> candidates.add(new Candidate(name, weights, 0, 0)));
    // What gets less loses more than the tolerance on purpose.
    EvaluationConfig config =
        DrawnTrials.config(List.of(1, 4), 0.01, List.of("a", "b", "c", "d"), false);
    List<TrialResult> trials =
        new DrawnTrials(seed, exponentials(best, 8), 0.01, NOISE / 4).of(candidates, config);
    Recommendation found =
        Recommender.recommend(
            Comparisons.of(candidates, trials, config), 20_000_000, new TreeMap<>());
    assertThat(found.verdict()).as(found.reasons().toString()).isEqualTo(Verdict.BETTER);
    assertThat(values(found.weights())).containsExactly(best, within(NEAR));
  }

  /**
   * Returns losses 0.8 + 0.6 exp(-rate (w_i - best_i)): their mean is least where all of them are
   * the same.
   */
  private static DrawnTrials.Losses exponentials(double[] best, double rate) {
    return (weights, horizon, learningRate) -> {
      double[] w = values(weights);
      return IntStream.range(0, best.length)
          .mapToDouble(
              i -> 0.8 + 0.6 * Math.exp(-rate * (w[i] - best[i])) * Math.pow(horizon, -0.2))
          .toArray();
    };
  }

  /**
   * Returns losses that fall by the root of a domain's own tokens and of what the others bring it,
   * as if it had a tenth of all tokens more: their mean is least where (w_i + 0.1)^(3/2) is as b_i.
   */
  private static DrawnTrials.Losses powers(double[] best) {
    return (weights, horizon, rate) -> {
      double[] w = values(weights);
      return IntStream.range(0, best.length)
          .mapToDouble(i -> 0.8 + 1.6 * Math.pow(best[i] + 0.1, 1.5) / Math.sqrt(w[i] + 0.1))
          .toArray();
    };
  }

  private static RegMixLaws fitted(DrawnTrials.Losses losses, long seed, int runs) {
    Random random = new Random(seed);
    List<SortedMap<String, Double>> mixtures = DirichletMixtures.around(PROPORTIONAL, runs, seed);
    return RegMixLaws.fit(
        mixtures,
        mixtures.stream()
            .map(
                mixture ->
                    DrawnTrials.weights(
                        Arrays.stream(losses.of(mixture, 1, 1))
                            .map(loss -> loss + NOISE * random.nextGaussian())
                            .toArray()))
            .collect(Collectors.toList()));
  }

  private static double[] values(SortedMap<String, Double> weights) {
    return weights.values().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
