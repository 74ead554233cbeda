package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;

/** Each condition of the rule refuses by itself, and says so. */
class RuleTest {
  private static final List<Integer> TWO = List.of(1, 4);
  private static final List<Candidate> CANDIDATES =
      List.of(
          DrawnTrials.candidate("uniform", 0.25, 0.25, 0.25, 0.25),
          DrawnTrials.candidate("proportional", 0.4, 0.3, 0.2, 0.1),
          DrawnTrials.candidate("computed", 0.1, 0.2, 0.3, 0.4));

  /** What the computed mixture differs from both baselines by, of a loss of 1. */
  private interface Difference {
    double[] at(int horizon, double learningRate);
  }

  @Test
  void whatPassesAllIsBetterAndSaysWhy() {
    EvaluationConfig config = DrawnTrials.config(TWO, 0.01, List.of(), true);
    EvaluatedMixture.Comparison found = judged(config, 0.002, (h, r) -> all(-0.02));
    assertThat(found.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(found.high()).isNegative();
    assertThat(found.reasons()).hasSize(4);
    assertThat(found.reasons().get(0)).containsPattern("^The mean over domains is [12]\\.\\d\\d %");
    assertThat(found.reasons().get(0)).contains("below that of uniform").contains("5 seeds");
    assertThat(found.reasons().get(1)).contains("the gap does not close").contains("at 4 x");
    assertThat(found.reasons().get(2)).isEqualTo("No domain is worse by more than 1.00 %.");
    assertThat(found.reasons().get(3))
        .contains("a tenth of the learning rate the sign is the same");
  }

  @Test
  void anIntervalThatIncludesZeroRefuses() {
    EvaluationConfig config = DrawnTrials.config(TWO);
    EvaluatedMixture.Comparison found = judged(config, 0.02, (h, r) -> all(-0.02));
    assertRefused(found, "The interval of the difference, -0", "includes 0.");
    assertThat(found.low()).isNegative();
    assertThat(found.high()).isPositive();
  }

  @Test
  void aGainOfTwoInAThousandRefuses() {
    EvaluationConfig config = DrawnTrials.config(TWO);
    EvaluatedMixture.Comparison found = judged(config, 0.0001, (h, r) -> all(-0.0015));
    assertThat(found.high()).isNegative();
    assertRefused(found, "The gain is 0.15 % of the mean of uniform", "more than 0.20 %");
  }

  @Test
  void aSignThatTurnsBetweenHorizonsRefuses() {
    EvaluationConfig config = DrawnTrials.config(TWO);
    EvaluatedMixture.Comparison found = judged(config, 0.001, (h, r) -> all(h == 1 ? 0.01 : -0.02));
    assertRefused(found, "The sign is not the same at all horizons: +0.0", "at 1 x, -0.0");
  }

  @Test
  void aGapThatClosesRefuses() {
    EvaluationConfig config = DrawnTrials.config(TWO);
    EvaluatedMixture.Comparison found =
        judged(config, 0.001, (h, r) -> all(h == 1 ? -0.06 : -0.02));
    assertRefused(found, "The gap closes: it is -0.0", "at 16 x nothing would be left of it");
    Verdict shrinking = judged(config, 0.001, (h, r) -> all(h == 1 ? -0.03 : -0.02)).verdict();
    assertThat(shrinking).isEqualTo(Verdict.BETTER);
  }

  @Test
  void theHorizonBetweenMustHaveTheSameSignToo() {
    EvaluationConfig config = DrawnTrials.config(List.of(1, 2, 4));
    EvaluatedMixture.Comparison found = judged(config, 0.001, (h, r) -> all(h == 2 ? 0.02 : -0.02));
    assertRefused(found, "The sign is not the same at all horizons", "at 2 x");
  }

  @Test
  void aDomainThatSuffersRefusesUnlessItIsAllowedByName() {
    Difference difference = (h, r) -> new double[] {-0.05, -0.05, -0.05, 0.03};
    EvaluatedMixture.Comparison found = judged(DrawnTrials.config(TWO), 0.0005, difference);
    assertRefused(found, "Domain 'd' is worse by", "evaluation.tolerance, 1.00 %");
    assertThat(found.byDomain().get("d")).isBetween(0.025, 0.035);
    EvaluationConfig other = DrawnTrials.config(TWO, 0.01, List.of("a"), false);
    assertThat(judged(other, 0.0005, difference).verdict()).isEqualTo(Verdict.NOT_SHOWN);
    EvaluationConfig allowed = DrawnTrials.config(TWO, 0.01, List.of("d"), false);
    EvaluatedMixture.Comparison permitted = judged(allowed, 0.0005, difference);
    assertThat(permitted.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(permitted.reasons())
        .anyMatch(reason -> reason.contains("evaluation.allow-worse permits"))
        .contains("No other domain is worse by more than 1.00 %.");
    EvaluationConfig tolerant = DrawnTrials.config(TWO, 0.05, List.of(), false);
    assertThat(judged(tolerant, 0.0005, difference).verdict()).isEqualTo(Verdict.BETTER);
  }

  @Test
  void aSignThatTurnsAtATenthOfTheLearningRateRefuses() {
    Difference difference = (h, r) -> all(r == 1 ? -0.02 : 0.01);
    EvaluationConfig checked = DrawnTrials.config(TWO, 0.01, List.of(), true);
    assertRefused(
        judged(checked, 0.001, difference), "At a tenth of the learning rate the sign turns", "+0");
    EvaluationConfig unchecked = DrawnTrials.config(TWO);
    assertThat(judged(unchecked, 0.001, difference).verdict()).isEqualTo(Verdict.BETTER);
  }

  @Test
  void anUnfinishedRepetitionAtATenthOfTheLearningRateRefuses() {
    EvaluationConfig checked = DrawnTrials.config(TWO, 0.01, List.of(), true);
    List<TrialResult> trials = trials(checked, 0.001, (h, r) -> all(-0.02));
    List<TrialResult> kept =
        trials.stream()
            .filter(t -> t.learningRate() == 1 || t.seed() < 2 || !t.mixture().equals("computed"))
            .toList();
    EvaluatedMixture.Comparison found = against(Comparisons.of(CANDIDATES, kept, checked));
    assertRefused(found, "At a tenth of the learning rate 2 seeds ended well", "3 are needed");
  }

  @Test
  void whatIsAboveAtEveryHorizonIsWorse() {
    EvaluationConfig config = DrawnTrials.config(TWO);
    EvaluatedMixture.Comparison found = judged(config, 0.001, (h, r) -> all(0.02));
    assertThat(found.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(found.low()).isPositive();
    assertThat(found.reasons().get(0)).contains("above that of uniform");
    assertThat(found.reasons().get(1)).startsWith("It is above at all horizons");
  }

  @Test
  void worseIsHeldToTheSameProof() {
    EvaluationConfig config = DrawnTrials.config(TWO);
    assertRefused(
        judged(config, 0.0001, (h, r) -> all(0.0015)), "The loss is 0.15 %", "more than 0.20 %");
    assertRefused(
        judged(config, 0.001, (h, r) -> all(h == 1 ? -0.01 : 0.02)),
        "The sign is not the same at all horizons",
        "at 1 x");
    assertRefused(judged(config, 0.012, (h, r) -> all(0.02)), "The interval", "includes 0");
  }

  @Test
  void everyConditionThatFailsIsNamed() {
    EvaluationConfig config = DrawnTrials.config(TWO, 0.01, List.of(), true);
    EvaluatedMixture.Comparison found =
        judged(
            config,
            0.0003,
            (h, r) -> {
              double domain = h == 1 || r != 1 ? 0.01 : -0.0255;
              return new double[] {domain, domain, domain, 0.07};
            });
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(String.join("\n", found.reasons()))
        .contains("The gain is", "The sign is not the same", "Domain 'd'", "tenth");
  }

  @Test
  void oneHorizonIsEnoughAndIsNamed() {
    EvaluationConfig config = DrawnTrials.config(List.of(4));
    EvaluatedMixture.Comparison better = judged(config, 0.001, (h, r) -> all(-0.02));
    assertThat(better.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(better.byHorizon()).containsOnlyKeys("4");
    assertThat(better.reasons())
        .anyMatch(reason -> reason.startsWith("Only one horizon was run, 4 x the small budget"))
        .noneMatch(reason -> reason.contains("does not close"));
    assertThat(judged(config, 0.05, (h, r) -> all(-0.02)).reasons())
        .anyMatch(reason -> reason.startsWith("Only one horizon was run"));
  }

  private static void assertRefused(
      EvaluatedMixture.Comparison found, String begins, String contains) {
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(found.reasons()).hasSize(1);
    assertThat(found.reasons().get(0)).startsWith(begins).contains(contains);
  }

  private static EvaluatedMixture.Comparison judged(
      EvaluationConfig config, double noise, Difference difference) {
    return against(Comparisons.of(CANDIDATES, trials(config, noise, difference), config));
  }

  private static EvaluatedMixture.Comparison against(List<EvaluatedMixture> evaluated) {
    return evaluated.get(2).against().get("uniform");
  }

  private static List<TrialResult> trials(
      EvaluationConfig config, double noise, Difference difference) {
    DrawnTrials.Losses losses =
        (weights, horizon, rate) -> {
          double[] loss = {1, 1, 1, 1};
          if (weights.get("a") == 0.1) {
            double[] added = difference.at(horizon, rate);
            for (int i = 0; i < loss.length; i++) {
              loss[i] += added[i];
            }
          }
          return loss;
        };
    return new DrawnTrials(5, losses, 0.01, noise).of(CANDIDATES, config);
  }

  private static double[] all(double difference) {
    return new double[] {difference, difference, difference, difference};
  }
}
