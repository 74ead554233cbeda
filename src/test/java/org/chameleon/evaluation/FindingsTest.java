package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.MixtureOrigin;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;

/** Which evidence an evaluation is for a plan. */
class FindingsTest {
  private static final List<String> DOMAINS = List.of("d0", "d1");

  @Test
  void theComputedMixtureIsHeldAgainstTheBetterBaseline() {
    Findings found = computed(.03, .4);
    assertThat(found.evidence(plan(.4), MixtureOrigin.COMPUTED))
        .hasValueSatisfying(
            evidence -> {
              assertThat(evidence.mixture()).isEqualTo("computed");
              assertThat(evidence.verdict()).isEqualTo(Verdict.WORSE);
              assertThat(evidence.against()).isEqualTo("proportional");
              assertThat(evidence.difference()).isGreaterThan(evidence.low()).isPositive();
              assertThat(evidence.recommended()).isEqualTo("proportional");
            });
  }

  @Test
  void theRecommendedBaselineIsHeldAgainstTheOther() {
    Evidence evidence =
        computed(.03, .4).evidence(plan(1 / 3.0), MixtureOrigin.RECOMMENDED).orElseThrow();
    assertThat(evidence.mixture()).isEqualTo("proportional");
    assertThat(evidence.against()).isEqualTo("uniform");
    assertThat(evidence.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(evidence.plansRecommended()).isTrue();
  }

  @Test
  void theVerdictIsThatOfTheRecommendation() {
    Findings found = computed(-.03, .4);
    assertThat(found.evidence(plan(.4), MixtureOrigin.COMPUTED))
        .map(Evidence::verdict)
        .contains(Verdict.BETTER);
    Recommendation advice = found.recommendation();
    Recommendation other =
        new Recommendation(
            1,
            "proportional",
            advice.weights(),
            "computed",
            Verdict.NOT_SHOWN,
            "proportional",
            null,
            null,
            null,
            List.of(),
            new TreeMap<>(Map.of("computed", Verdict.NOT_SHOWN)),
            new TreeMap<>());
    assertThat(new Findings(found.results(), other).evidence(plan(.4), MixtureOrigin.COMPUTED))
        .map(Evidence::verdict)
        .contains(Verdict.NOT_SHOWN);
  }

  @Test
  void aPlanThatMovesMoreThanHalfAPointWasNotEvaluated() {
    Findings found = computed(.03, .4);
    assertThat(found.evidence(plan(.404), MixtureOrigin.COMPUTED)).isPresent();
    assertThat(found.evidence(plan(.406), MixtureOrigin.COMPUTED)).isEmpty();
  }

  @Test
  void aMixtureThatWasNotTriedHasNoEvidence() {
    assertThat(
            Evaluations.of(DOMAINS)
                .with("other", .1, Map.of("d0", .4, "d1", .6))
                .findings()
                .evidence(plan(.4), MixtureOrigin.COMPUTED))
        .isEmpty();
  }

  @Test
  void aMixtureWhoseTrialsFailedHasNoEvidence() {
    Findings failed = Evaluations.of(DOMAINS).withFailed(Candidate.COMPUTED).findings();
    assertThat(failed.evidence(plan(.999), MixtureOrigin.COMPUTED)).isEmpty();
  }

  @Test
  void aLongNameKeepsBothItsEnds() {
    assertThat(Findings.shortened("computed", 8)).isEqualTo("computed");
    assertThat(Findings.shortened("objective=finetune,prior=0.25", 12)).isEqualTo("objec…r=0.25");
    assertThat(Findings.shortened("😀😀😀😀😀", 4)).isEqualTo("😀…😀😀");
  }

  private static Findings computed(double difference, double first) {
    return Evaluations.of(DOMAINS)
        .with(Candidate.COMPUTED, difference, Map.of("d0", first, "d1", 1 - first))
        .findings();
  }

  private static SamplingPlan plan(double first) {
    return SamplingPlan.of(
        Plans.mixture(first, 1 - first),
        List.of(Plans.size("d0", 10, 1000), Plans.size("d1", 10, 1000)),
        1,
        Plans.config(1000L, List.of(), Map.of()));
  }
}
