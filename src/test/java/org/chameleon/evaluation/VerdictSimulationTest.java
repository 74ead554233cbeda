package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the rule is right and wrong, over many drawn evaluations. */
class VerdictSimulationTest {
  private static final double[] SAME = {1, 1, 1, 1};

  /** All mixtures are the same but by noise: whatever is found is wrong. */
  @Test
  void onDomainsThatAreAllTheSameNothingIsShown() {
    EvaluationConfig config = DrawnTrials.config(List.of(1, 4));
    List<Candidate> candidates = candidates(2);
    List<Recommendation> found = recommendations(20, candidates, config, SAME);
    long quiet = found.stream().filter(r -> r.verdict() == Verdict.NOT_SHOWN).count();
    assertThat(quiet).isGreaterThanOrEqualTo(19);
    assertThat(found)
        .allMatch(r -> r.mixture().equals(r.against()) || r.verdict() != Verdict.NOT_SHOWN);
  }

  @Test
  void overManyEvaluationsAnyVerdictIsWrongInLessThanOneOfTwenty() {
    EvaluationConfig config = DrawnTrials.config(List.of(1, 4));
    double wrong =
        rate(
            2000,
            candidates(2),
            config,
            evaluated ->
                evaluated.stream()
                    .anyMatch(
                        m -> shows(m, Candidate.UNIFORM) || shows(m, Candidate.PROPORTIONAL)));
    assertThat(wrong).isLessThan(0.05);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void againstEachBaselineThatHoldsWithOneHorizonToo(int others) {
    EvaluationConfig config = DrawnTrials.config(List.of(1));
    List<List<EvaluatedMixture>> all =
        IntStream.range(0, 2000)
            .mapToObj(seed -> evaluated(seed, candidates(others), config, SAME))
            .toList();
    for (String baseline : List.of(Candidate.UNIFORM, Candidate.PROPORTIONAL)) {
      long wrong =
          all.stream().filter(one -> one.stream().anyMatch(m -> shows(m, baseline))).count();
      assertThat(wrong / 2000.0).isBetween(0.01, 0.05);
    }
    // The baseline was chosen by the same trials, as the lower one: that makes better rarer.
    long better =
        all.stream()
            .map(one -> Recommender.recommend(one, 1, new TreeMap<>()))
            .filter(recommendation -> recommendation.verdict() == Verdict.BETTER)
            .count();
    assertThat(better / 2000.0).isLessThan(0.025);
  }

  @ParameterizedTest
  @CsvSource({"2, 0.98", "4, 0.95"})
  void aTrueGainOfTwoPercentIsNearlyAlwaysFound(int others, double least) {
    EvaluationConfig config = DrawnTrials.config(List.of(1, 4));
    double[] gain = {0.98, 0.98, 0.98, 0.98};
    List<Recommendation> found = recommendations(250, candidates(others), config, gain);
    double right =
        found.stream()
                .filter(r -> r.verdict() == Verdict.BETTER && r.mixture().equals("candidate-0"))
                .count()
            / 250.0;
    assertThat(right).isGreaterThan(least);
  }

  private static boolean shows(EvaluatedMixture mixture, String baseline) {
    return mixture.against().containsKey(baseline)
        && mixture.against().get(baseline).verdict() != Verdict.NOT_SHOWN;
  }

  private static double rate(
      int repetitions,
      List<Candidate> candidates,
      EvaluationConfig config,
      Predicate<List<EvaluatedMixture>> found) {
    long count =
        IntStream.range(0, repetitions)
            .filter(seed -> found.test(evaluated(seed, candidates, config, SAME)))
            .count();
    return (double) count / repetitions;
  }

  private static List<Recommendation> recommendations(
      int repetitions, List<Candidate> candidates, EvaluationConfig config, double[] losses) {
    return IntStream.range(0, repetitions)
        .mapToObj(seed -> evaluated(seed, candidates, config, losses))
        .map(evaluated -> Recommender.recommend(evaluated, 1, new TreeMap<>()))
        .toList();
  }

  /** Draws with a deviation of 0.3 % of each mixture; the first candidate has these losses. */
  private static List<EvaluatedMixture> evaluated(
      long seed, List<Candidate> candidates, EvaluationConfig config, double[] losses) {
    DrawnTrials trials =
        new DrawnTrials(
            seed, (weights, horizon, rate) -> weights.get("a") > 0.6 ? losses : SAME, 0.01, 0.003);
    return Comparisons.of(candidates, trials.of(candidates, config), config);
  }

  private static List<Candidate> candidates(int others) {
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(DrawnTrials.candidate("uniform", 0.25, 0.25, 0.25, 0.25));
    candidates.add(DrawnTrials.candidate("proportional", 0.4, 0.3, 0.2, 0.1));
    for (int i = 0; i < others; i++) {
      double a = i == 0 ? 0.7 : 0.5 - 0.1 * i;
      candidates.add(DrawnTrials.candidate("candidate-" + i, a, 0.1, 0.1, 0.8 - a));
    }
    return candidates;
  }
}
