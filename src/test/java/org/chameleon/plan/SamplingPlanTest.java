package org.chameleon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import org.chameleon.mixture.Warning;
import org.junit.jupiter.api.Test;

class SamplingPlanTest extends PlanFixture {

  @Test
  void tokensFollowTheWeights() {
    SamplingPlan plan = plan(new double[] {.2, .3, .5}, new long[] {1000, 1000, 1000}, 1000L, 4);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(200L, 300L, 500L);
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::epochs).containsExactly(.2, .3, .5);
    assertThat(plan.domains()).noneMatch(SamplingPlan.Domain::capped);
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void whatACappedDomainCannotTakeGoesToTheOthersInProportion() {
    SamplingPlan plan = plan(new double[] {.5, .3, .2}, new long[] {100, 10000, 10000}, 1000L, 2);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(200L, 480L, 320L);
    assertThat(plan.domains().get(0).capped()).isTrue();
    assertThat(plan.domains().get(0).epochs()).isEqualTo(2.0);
    assertThat(plan.warnings()).extracting(Warning::code).containsExactly("EPOCHS_CAPPED");
  }

  @Test
  void aBudgetThatNoPlanFitsIsRefusedWithTheLargestThatDoes() {
    assertThatThrownBy(() -> plan(new double[] {.5, .5}, new long[] {100, 200}, 1201L, 4))
        .hasMessage(
            "Cannot plan 1201 tokens: with at most 4.0 epochs of each domain the corpus gives 1200. Lower plan.tokens to that, raise plan.max-epochs, or add data.");
    SamplingPlan all = plan(new double[] {.5, .5}, new long[] {100, 200}, 1200L, 4);
    assertThat(all.domains()).extracting(SamplingPlan.Domain::tokens).containsExactly(400L, 800L);
  }

  @Test
  void withoutABudgetTheCorpusIsPlannedOnce() {
    assertThat(plan(new double[] {.5, .5}, new long[] {100, 200}, null, 4).targetTokens())
        .isEqualTo(300);
  }

  @Test
  void floorsAndCeilingsHoldAndTheOthersShareTheRest() {
    Map<String, DomainLimits> limits =
        Map.of(
            "d0", Plans.limits(Optional.empty(), Optional.of(.2), Optional.empty()),
            "d1", Plans.limits(Optional.empty(), Optional.empty(), Optional.of(.5)));
    SamplingPlan plan =
        SamplingPlan.of(
            mixture(.1, .6, .2, .1),
            sizes(1000, 1000, 1000, 1000),
            1,
            config(1000L, 4, 0, 1, limits, NO_PRIOR));
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(200L, 500L, 200L, 100L);
    assertThat(plan.domains().get(0).changes())
        .containsExactly(new SamplingPlan.Change(SamplingPlan.Cause.FLOOR, .1, .2));
    assertThat(plan.domains().get(1).changes())
        .containsExactly(new SamplingPlan.Change(SamplingPlan.Cause.CEILING, .6, .5));
    assertThat(plan.domains().get(2).changes()).isEmpty();
    assertThat(plan.warnings()).extracting(Warning::code).containsExactly("BOUNDED");
  }

  @Test
  void everyStepFromTheComputedWeightIsNamed() {
    SamplingPlan plan =
        SamplingPlan.of(
            mixture(.5, .3, .2),
            sizes(100, 10_000, 10_000),
            1,
            config(
                1000L,
                1,
                0,
                1,
                Map.of(),
                new PriorConfig(Optional.of(Prior.UNIFORM), 1, 1, Map.of())));
    assertThat(plan.domains().get(0).computedWeight()).isEqualTo(.5);
    assertThat(plan.domains().get(0).changes())
        .extracting(SamplingPlan.Change::cause)
        .containsExactly(SamplingPlan.Cause.PRIOR, SamplingPlan.Cause.MAX_EPOCHS);
    assertThat(plan.domains().get(2).changes())
        .extracting(SamplingPlan.Change::cause)
        .containsExactly(SamplingPlan.Cause.PRIOR, SamplingPlan.Cause.OTHERS);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(100L, 450L, 450L);
  }

  @Test
  void priorsAreGeometricMeans() {
    double[] half = Prior.blend(new double[] {.9, .1}, new double[] {1, 1}, .5);
    assertThat(half[0] / half[1]).isCloseTo(3, within(1e-12));
    assertThat(Prior.blend(new double[] {.9, .1}, new double[] {3, 1}, 1))
        .containsExactly(new double[] {.75, .25}, within(1e-12));
    assertThat(Prior.blend(new double[] {.9, .1}, new double[] {3, 1}, 0))
        .containsExactly(new double[] {.9, .1}, within(1e-12));
    PlanConfig proportional =
        config(
            300L,
            4,
            0,
            1,
            Map.of(),
            new PriorConfig(Optional.of(Prior.PROPORTIONAL), 1, 2, Map.of()));
    assertThat(SamplingPlan.of(mixture(.5, .5), sizes(400, 100), 1, proportional).domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(200L, 100L);
  }

  @Test
  void limitsThatNoPlanCanHoldAreRefused() {
    assertThatThrownBy(
            () ->
                SamplingPlan.of(
                    mixture(.5, .5),
                    sizes(1000, 1000),
                    1,
                    config(100L, 4, 0, .4, Map.of(), NO_PRIOR)))
        .hasMessageContaining(
            "the floors of all domains come to more than 1, or the ceilings to less");
    assertThatThrownBy(
            () ->
                SamplingPlan.of(
                    mixture(.5, .5),
                    sizes(100, 1000),
                    1,
                    config(1000L, 1, .25, 1, Map.of(), NO_PRIOR)))
        .hasMessageContaining("Cannot plan 1000 tokens")
        .hasMessageContaining("the corpus gives 403.");
    assertThatThrownBy(
            () ->
                SamplingPlan.of(
                    mixture(.5, .5),
                    sizes(100, 1000),
                    1,
                    config(
                        10L,
                        1,
                        0,
                        1,
                        Map.of(
                            "web",
                            Plans.limits(Optional.of(1.0), Optional.empty(), Optional.empty())),
                        NO_PRIOR)))
        .hasMessage(
            "Cannot plan: plan.domains names 'web', which is no domain of the mixture. It has d0, d1.");
  }
}
