package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;

/** Which mixture is recommended. */
class RecommenderTest {
  private static final EvaluationConfig CONFIG = DrawnTrials.config(List.of(1, 4));
  private static final SortedMap<String, String> INPUTS = new TreeMap<>();
  private static final long LARGE = 30_000_000;

  static {
    INPUTS.put("mixture.json", "ab12");
  }

  @Test
  void theLowestOfThoseThatAreBetter() {
    Recommendation found = recommended(LARGE, 1.0, 1.05, 0.97, 0.95);
    assertThat(found.mixture()).isEqualTo("second");
    assertThat(found.weights()).isEqualTo(candidates(4).get(3).weights());
    assertThat(found.candidate()).isEqualTo("second");
    assertThat(found.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(found.against()).isEqualTo("uniform");
    assertThat(found.difference()).isBetween(-0.06, -0.04);
    assertThat(found.low()).isLessThan(found.difference());
    assertThat(found.high()).isNegative();
    assertThat(found.verdicts())
        .containsEntry("first", Verdict.BETTER)
        .containsEntry("proportional", Verdict.WORSE)
        .doesNotContainKey("uniform");
    assertThat(found.inputs()).containsExactlyEntriesOf(INPUTS);
  }

  @Test
  void theBetterBaselineWhereNothingIsBetterThanIt() {
    // Both are far better than uniform; proportional is better still.
    Recommendation found = recommended(LARGE, 1.2, 1.0, 1.02, 1.05);
    assertThat(found.mixture()).isEqualTo("proportional");
    assertThat(found.against()).isEqualTo("proportional");
    assertThat(found.candidate()).isEqualTo("first");
    assertThat(found.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(found.reasons().get(0)).contains("above that of proportional");
  }

  @Test
  void withBaselinesAloneTheVerdictIsOfTheOther() {
    Recommendation found = recommended(LARGE, 1.0, 1.1);
    assertThat(found.mixture()).isEqualTo("uniform");
    assertThat(found.candidate()).isEqualTo("proportional");
    assertThat(found.verdict()).isEqualTo(Verdict.WORSE);
  }

  @Test
  void smallModelsAreWarnedOf() {
    assertThat(recommended(1_600_000, 1, 1, 1).reasons())
        .last()
        .asString()
        .startsWith("The models have 1.6 million parameters")
        .contains("0.73", "0.89", "Olmix", "averages transfer");
    assertThat(recommended(15_000_000, 1, 1, 1).reasons()).noneMatch(r -> r.contains("Olmix"));
  }

  @Test
  void aBaselineWithoutTrialsLeavesTheOther() {
    List<TrialResult> trials =
        trials(1.0, 1.1, 1.05).stream().filter(t -> !t.mixture().equals("uniform")).toList();
    Recommendation found =
        Recommender.recommend(Comparisons.of(candidates(3), trials, CONFIG), LARGE, INPUTS);
    assertThat(found.against()).isEqualTo("proportional");
    assertThat(found.mixture()).isEqualTo("first");
    assertThat(found.verdicts()).containsEntry("uniform", Verdict.NOT_SHOWN);
  }

  @Test
  void withoutAnyOtherMixtureNothingIsShown() {
    List<TrialResult> trials =
        trials(1.0, 1.1, 1.05).stream().filter(t -> t.mixture().equals("uniform")).toList();
    Recommendation found =
        Recommender.recommend(Comparisons.of(candidates(3), trials, CONFIG), LARGE, INPUTS);
    assertThat(found.mixture()).isEqualTo("uniform");
    assertThat(found.candidate()).isEqualTo("uniform");
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(found.reasons()).containsExactly("No trial of another mixture ended well.");
  }

  @Test
  void withoutABaselineThereIsNoRecommendation() {
    List<EvaluatedMixture> failed = Comparisons.of(candidates(3), List.of(), CONFIG);
    assertThatThrownBy(() -> Recommender.recommend(failed, LARGE, INPUTS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot recommend a mixture: no trial of uniform or proportional");
  }

  private static Recommendation recommended(long parameters, double... losses) {
    List<Candidate> candidates = candidates(losses.length);
    return Recommender.recommend(
        Comparisons.of(candidates, trials(losses), CONFIG), parameters, INPUTS);
  }

  private static List<TrialResult> trials(double... losses) {
    return new DrawnTrials(
            3,
            (weights, horizon, rate) -> {
              double loss = losses[(int) Math.round(weights.get("b") * 10) - 1];
              return new double[] {loss, loss};
            },
            0.01,
            0.002)
        .of(candidates(losses.length), CONFIG);
  }

  private static List<Candidate> candidates(int count) {
    return List.of(
            DrawnTrials.candidate("uniform", 0.9, 0.1),
            DrawnTrials.candidate("proportional", 0.8, 0.2),
            DrawnTrials.candidate("first", 0.7, 0.3),
            DrawnTrials.candidate("second", 0.6, 0.4))
        .subList(0, count);
  }
}
