package org.chameleon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.mixture.Warning;
import org.chameleon.sampling.DomainSize;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;

/** Plans of recommended mixtures, and what a plan says of the evidence for its own. */
class EvidenceTest extends PlanFixture {
  private static final PriorConfig UNIFORM =
      new PriorConfig(Optional.of(Prior.UNIFORM), .5, 1, Map.of());

  @Test
  void weightsThatWerePlannedBeforeComeOutAsTheyWentIn() {
    PlanConfig config = config(1000L, 4, .05, .6, Map.of(), UNIFORM);
    List<DomainSize> sizes = sizes(15, 10_000, 10_000, 10_000);
    SamplingPlan first = SamplingPlan.of(mixture(.5, .3, .19, .01), sizes, 1, config);
    assertThat(first.domains().get(0).capped()).isTrue();
    SamplingPlan again =
        SamplingPlan.ofWeights(mixture(.1, .2, .3, .4), weights(first), sizes, 1, config);
    for (int i = 0; i < 4; i++) {
      SamplingPlan.Domain domain = again.domains().get(i);
      assertThat(domain.weight()).isCloseTo(first.domains().get(i).weight(), within(1e-12));
      assertThat((double) domain.tokens()).isCloseTo(first.domains().get(i).tokens(), within(1.0));
      assertThat(domain.computedWeight()).isEqualTo(new double[] {.1, .2, .3, .4}[i]);
    }
  }

  @Test
  void theStepFromTheComputedWeightIsNamedAndNoPriorIsTakenTwice() {
    SamplingPlan plan =
        SamplingPlan.ofWeights(
            mixture(.5, .5),
            Map.of("d0", .2, "d1", .8),
            sizes(1000, 1000),
            1,
            config(1000L, 4, 0, 1, Map.of(), UNIFORM));
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::tokens).containsExactly(200L, 800L);
    assertThat(plan.domains().get(0).changes())
        .containsExactly(new SamplingPlan.Change(SamplingPlan.Cause.RECOMMENDED, .5, .2));
  }

  @Test
  void anotherBudgetIsPlannedWithinTheLimits() {
    SamplingPlan plan =
        SamplingPlan.ofWeights(
            mixture(.5, .5), Map.of("d0", .4, "d1", .6), sizes(10, 10_000), 1, config(400L, 4));
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::tokens).containsExactly(40L, 360L);
    assertThat(plan.domains().get(0).changes())
        .extracting(SamplingPlan.Change::cause)
        .containsExactly(SamplingPlan.Cause.RECOMMENDED, SamplingPlan.Cause.MAX_EPOCHS);
  }

  @Test
  void aRecommendationOfOtherDomainsIsRefused() {
    assertThatThrownBy(
            () ->
                SamplingPlan.ofWeights(
                    mixture(.5, .5), Map.of("d0", 1.0), sizes(10, 10), 1, config(null, 4)))
        .hasMessage(
            "Cannot plan the recommended mixture: it is of domains d0, the run has d0, d1. Run chameleon evaluate again.");
  }

  @Test
  void whatWasNotEvaluatedIsAWarning() {
    SamplingPlan plan = plan().withEvidence(Optional.empty());
    assertThat(plan.evidence()).isNull();
    assertThat(codes(plan)).containsExactly("NOT_EVALUATED");
  }

  @Test
  void aMixtureThatIsNotBetterIsAWarningUnlessItIsRecommended() {
    assertThat(codes(plan().withEvidence(evidence(Verdict.BETTER, "other")))).isEmpty();
    assertThat(codes(plan().withEvidence(evidence(Verdict.NOT_SHOWN, "computed")))).isEmpty();
    assertThat(codes(plan().withEvidence(evidence(Verdict.NOT_SHOWN, "uniform"))))
        .containsExactly("NOT_SHOWN_TO_BE_BETTER");
    SamplingPlan worse = plan().withEvidence(evidence(Verdict.WORSE, "uniform"));
    assertThat(codes(worse)).containsExactly("SHOWN_TO_BE_WORSE");
    assertThat(worse.warnings().get(0).message())
        .isEqualTo(
            "The planned mixture, computed, was shown to be worse than uniform (+0.0200 bits per byte, +0.0100 to +0.0300). Recommended is uniform: plan.from = recommended plans it.");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(new Evidence("a", Verdict.NOT_SHOWN, null, null, null, null, "a").inWords())
        .isEqualTo("compared with no other mixture");
    assertThat(new Evidence("a", Verdict.NOT_SHOWN, "b", null, null, null, "a").inWords())
        .isEqualTo("not shown to be better than b");
    assertThat(new Evidence("a", Verdict.NOT_SHOWN, "b", -.5, null, null, "a").inWords())
        .isEqualTo("not shown to be better than b (-0.5000 bits per byte)");
  }

  @Test
  void theManifestHasItAndIsReadBack() {
    SamplingPlan plan = plan().withEvidence(evidence(Verdict.NOT_SHOWN, "uniform"));
    String text = Json.text(plan);
    assertThat(text).contains("\"verdict\" : \"not-shown\"", "\"recommended\" : \"uniform\"");
    SamplingPlan read =
        Json.read(text.getBytes(StandardCharsets.UTF_8), SamplingPlan.class, "manifest");
    assertThat(read).isEqualTo(plan);
    String older = text.replace("\"evidence\"", "\"other\"");
    assertThat(
            Json.read(older.getBytes(StandardCharsets.UTF_8), SamplingPlan.class, "manifest")
                .evidence())
        .isNull();
  }

  private static SamplingPlan plan() {
    return plan(new double[] {.5, .5}, new long[] {100, 100}, null, 4);
  }

  private static Optional<Evidence> evidence(Verdict verdict, String recommended) {
    return Optional.of(new Evidence("computed", verdict, "uniform", .02, .01, .03, recommended));
  }

  private static List<String> codes(SamplingPlan plan) {
    return plan.warnings().stream().map(Warning::code).toList();
  }

  private static Map<String, Double> weights(SamplingPlan plan) {
    Map<String, Double> weights = new HashMap<>();
    plan.domains().forEach(domain -> weights.put(domain.name(), domain.weight()));
    return weights;
  }
}
