package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;

/** What trials come to, by numbers that can be checked by hand. */
class ComparisonsTest {
  private static final Offset<Double> CLOSE = within(1e-12);
  private static final Candidate UNIFORM = DrawnTrials.candidate("uniform", 0.5, 0.5);
  private static final Candidate COMPUTED = DrawnTrials.candidate("computed", 0.8, 0.2);
  private static final EvaluationConfig ONE = DrawnTrials.config(List.of(1));

  @Test
  void numbersOfOneMixture() {
    List<TrialResult> trials = new ArrayList<>();
    trials.add(trial("uniform", 0, 1, 1.0, 2.0));
    trials.add(trial("uniform", 1, 1, 1.2, 2.2));
    trials.add(trial("uniform", 2, 1, 1.4, 2.4));
    EvaluatedMixture found = Comparisons.of(List.of(UNIFORM), trials, ONE).get(0);
    assertThat(found.mean()).isCloseTo(1.7, CLOSE);
    assertThat(found.standardDeviation()).isCloseTo(0.2, CLOSE);
    assertThat(found.worst()).isCloseTo(2.2, CLOSE);
    assertThat(found.worstDomain()).isEqualTo("b");
    assertThat(found.seeds()).isEqualTo(3);
    assertThat(found.bitsPerByte().get("a")).isCloseTo(1.2, CLOSE);
    // 1.2 bits per byte, four bytes to a token.
    assertThat(found.perplexity().get("a")).isCloseTo(Math.pow(2, 4.8), within(1e-9));
    assertThat(found.checkingFlops()).isEqualTo(3e12);
    assertThat(found.checkingSeconds()).isEqualTo(9);
    assertThat(found.findingFlops()).isEqualTo(1e10);
    assertThat(found.findingSeconds()).isEqualTo(2);
    assertThat(found.against()).isEmpty();
  }

  @Test
  void tokensWeighWhereTheyAreAskedTo() {
    DomainLoss small = DomainLoss.of("a", 20, 1000, 1000, 1000 * Math.log(2));
    DomainLoss large = DomainLoss.of("b", 60, 3000, 3000, 9000 * Math.log(2));
    TrialResult trial = trial("uniform", 0, 1, 1);
    TrialResult mixed =
        new TrialResult(
            "uniform", 0, 1, 1, 1, 1, 1, trial.drawn(), List.of(small, large), null, null, null);
    EvaluatedMixture found = Comparisons.of(List.of(UNIFORM), List.of(mixed), ONE).get(0);
    assertThat(found.mean()).isCloseTo(2, CLOSE);
    assertThat(found.tokenWeightedMean()).isCloseTo(2.5, CLOSE);
    assertThat(found.standardDeviation()).isNull();
  }

  @Test
  void differencesArePairedBySeedAndTheBaselineKeepsAllOfItsOwn() {
    List<TrialResult> trials = new ArrayList<>();
    double[] seeds = {1, 2, 3, 4, 5, 9};
    double[] differences = {-0.1, -0.2, -0.3};
    for (int seed = 0; seed < seeds.length; seed++) {
      trials.add(trial("uniform", seed, 1, seeds[seed], seeds[seed]));
    }
    for (int seed = 2; seed >= 0; seed--) {
      double loss = seeds[seed] + differences[seed];
      trials.add(trial("computed", seed, 1, loss, loss));
    }
    List<EvaluatedMixture> found = Comparisons.of(List.of(UNIFORM, COMPUTED), trials, ONE);
    EvaluatedMixture.Comparison comparison = found.get(1).against().get("uniform");
    assertThat(comparison.difference()).isCloseTo(-0.2, CLOSE);
    // t with 2 degrees of freedom at 95 % is 4.3027.
    assertThat(comparison.low()).isCloseTo(-0.2 - 4.3027 * 0.1 / Math.sqrt(3), within(1e-5));
    assertThat(comparison.high()).isCloseTo(-0.2 + 4.3027 * 0.1 / Math.sqrt(3), within(1e-5));
    assertThat(comparison.byHorizon()).containsOnlyKeys("1");
    assertThat(comparison.byDomain().get("b")).isCloseTo(-0.2, CLOSE);
    assertThat(found.get(0).mean()).isCloseTo(4, CLOSE);
    assertThat(found.get(0).seeds()).isEqualTo(6);
    // Nothing is pooled: the mixture's own deviation, not the baseline's.
    assertThat(found.get(1).standardDeviation()).isCloseTo(0.9, CLOSE);
  }

  @Test
  void failedTrialsAreLeftOutButTheirPriceCounts() {
    List<TrialResult> trials = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      trials.add(trial("uniform", seed, 1, 1, 1));
      trials.add(trial("computed", seed, 1, 0.9, 0.9 + 0.001 * seed));
    }
    Trial failing = new Trial("computed", 4, 1, 1);
    trials.add(DrawnTrials.failed(failing, "Loss is not finite at step 7."));
    trials.add(trial("uniform", 4, 1, 1, 1));
    trials.add(trial("computed", 5, 1, Double.NaN, 1));
    trials.add(trial("uniform", 5, 1, 1, 1));
    EvaluatedMixture found = Comparisons.of(List.of(UNIFORM, COMPUTED), trials, ONE).get(1);
    assertThat(found.seeds()).isEqualTo(4);
    assertThat(found.mean()).isCloseTo(0.90075, CLOSE);
    assertThat(found.checkingFlops()).isEqualTo(5e12 + 1e11);
    assertThat(found.against().get("uniform").verdict()).isEqualTo(Verdict.BETTER);
  }

  @Test
  void fewerThanThreeSeedsAtAHorizonShowNothing() {
    EvaluationConfig two = DrawnTrials.config(List.of(1, 4));
    List<TrialResult> trials = new ArrayList<>();
    for (int seed = 0; seed < 5; seed++) {
      for (int horizon : two.horizons()) {
        trials.add(trial("uniform", seed, horizon, 1, 1));
        if (horizon == 4 || seed < 2) {
          trials.add(trial("computed", seed, horizon, 0.9, 0.9 + 0.001 * seed));
        }
      }
    }
    EvaluatedMixture.Comparison found =
        Comparisons.of(List.of(UNIFORM, COMPUTED), trials, two).get(1).against().get("uniform");
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(found.reasons())
        .containsExactly(
            "At 1 x the small budget 2 seeds ended well both here and with uniform; 3 are needed.");
    assertThat(found.difference()).isCloseTo(-0.099, CLOSE);
    assertThat(found.high()).isNegative();
  }

  @Test
  void seedsThatOnlyOneOfBothHasDoNotPair() {
    List<TrialResult> trials = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      trials.add(trial("uniform", seed, 1, 1, 1));
      trials.add(trial("computed", seed + 2, 1, 0.9, 0.9));
    }
    EvaluatedMixture.Comparison found =
        Comparisons.of(List.of(UNIFORM, COMPUTED), trials, ONE).get(1).against().get("uniform");
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(found.low()).isNull();
    assertThat(found.reasons().get(0)).contains("2 seeds ended well");
  }

  @Test
  void aMixtureWhoseTrialsAllFailedHasNoNumbers() {
    List<TrialResult> trials = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      trials.add(trial("uniform", seed, 1, 1, 1));
      trials.add(DrawnTrials.failed(new Trial("computed", seed, 1, 1), "Out of memory."));
    }
    List<EvaluatedMixture> all = Comparisons.of(List.of(UNIFORM, COMPUTED), trials, ONE);
    EvaluatedMixture found = all.get(1);
    assertThat(found.mean()).isNull();
    assertThat(found.worstDomain()).isNull();
    assertThat(found.perplexity()).isEmpty();
    EvaluatedMixture.Comparison comparison = found.against().get("uniform");
    assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(comparison.difference()).isNull();
    assertThat(comparison.byHorizon()).isEmpty();
    assertThat(comparison.reasons().get(0)).contains("0 seeds ended well");
  }

  @Test
  void aBaselineThatIsTheSameAsTheOtherDiffersByNothing() {
    Candidate proportional = DrawnTrials.candidate("proportional", 0.5, 0.5);
    List<TrialResult> trials = new ArrayList<>();
    for (int seed = 0; seed < 6; seed++) {
      trials.add(trial("uniform", seed, 1, 1 + 0.1 * seed, 1));
      trials.add(trial("proportional", seed, 1, 1 + 0.1 * seed, 1));
    }
    List<EvaluatedMixture> found = Comparisons.of(List.of(UNIFORM, proportional), trials, ONE);
    EvaluatedMixture.Comparison comparison = found.get(1).against().get("uniform");
    assertThat(comparison.difference()).isZero();
    assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_SHOWN);
    assertThat(found.get(0).against()).containsOnlyKeys("proportional");
    assertThat(found.get(1).against()).containsOnlyKeys("uniform");
  }

  private static TrialResult trial(String mixture, int seed, int horizon, double... bits) {
    return DrawnTrials.result(new Trial(mixture, seed, horizon, 1), bits);
  }
}
