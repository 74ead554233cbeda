package org.chameleon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.chameleon.mixture.Warning;
import org.chameleon.sampling.DomainSize;
import org.junit.jupiter.api.Test;

/** What a plan makes of sizes: counted, estimated, given or unknown. */
class PlannedSizesTest extends PlanFixture {

  @Test
  void printedSharesSumToExactlyOne() {
    Random random = new Random(2);
    for (int trial = 0; trial < 1000; trial++) {
      double[] raw = random.doubles(1 + random.nextInt(30), 1e-9, 1).toArray();
      double[] printed = Shares.of(raw);
      BigDecimal total =
          Arrays.stream(printed)
              .mapToObj(x -> new BigDecimal(Double.toString(x)))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(total).isEqualByComparingTo(BigDecimal.ONE);
    }
  }

  @Test
  void drawingRowsByRowProbabilityGivesTheWeightsInTokens() {
    // Documents of 2000, 300 and 100 tokens on average.
    List<DomainSize> sizes =
        List.of(size("d0", 100, 200_000), size("d1", 500, 150_000), size("d2", 1000, 100_000));
    SamplingPlan plan = SamplingPlan.of(mixture(.2, .3, .5), sizes, 1, config(100_000L, 4));
    double[] tokens = new double[3];
    double[] length = {2000, 300, 100};
    double all = 0;
    for (int i = 0; i < 3; i++) {
      tokens[i] = plan.domains().get(i).rowProbability() * length[i];
      all += tokens[i];
    }
    double total = all;
    assertThat(Arrays.stream(tokens).map(t -> t / total).toArray())
        .containsExactly(new double[] {.2, .3, .5}, within(1e-12));
  }

  @Test
  void sizesOfTheConfigurationComeBeforeThoseOfTheSample() {
    DomainLimits given =
        new DomainLimits(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(500L),
            Optional.of(5L));
    SamplingPlan plan =
        SamplingPlan.of(
            mixture(.5, .5),
            sizes(1000, 1000),
            1,
            config(1000L, 4, 0, 1, Map.of("d0", given), NO_PRIOR));
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::epochs).containsExactly(1.0, .5);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::counted)
        .containsExactly(TokenOrigin.GIVEN, TokenOrigin.EXACT);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::availableRows)
        .containsExactly(5L, 10L);
  }

  @Test
  void aSizeIsExactOnlyIfEveryDocumentWasRead() {
    List<DomainSize> sizes =
        List.of(Plans.estimated("d0", 10, 1000, 0), Plans.size("d1", 10, 1000));
    SamplingPlan plan = SamplingPlan.of(mixture(.5, .5), sizes, 1, config(1000L, 4));
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::counted)
        .containsExactly(TokenOrigin.ESTIMATE, TokenOrigin.EXACT);
  }

  @Test
  void aRoughSizeIsWarnedOf() {
    List<DomainSize> sizes =
        List.of(
            Plans.estimated("d0", 10, 1000, 51),
            Plans.estimated("d1", 10, 1000, 49),
            Plans.estimated("d2", 10, 1000, 60));
    SamplingPlan plan = SamplingPlan.of(mixture(.4, .3, .3), sizes, 1, config(1000L, 4));
    assertThat(plan.warnings()).extracting(Warning::code).containsExactly("ROUGH_SIZE");
    assertThat(plan.warnings().get(0).domains()).containsExactly("d0", "d2");
  }

  @Test
  void domainsOfUnknownSizeHaveTokensButNoEpochs() {
    DomainLimits given =
        new DomainLimits(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(100L),
            Optional.empty());
    SamplingPlan plan =
        SamplingPlan.of(
            mixture(.5, .5), List.of(), 1, config(1000L, 2, 0, 1, Map.of("d0", given), NO_PRIOR));
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::tokens).containsExactly(200L, 800L);
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::epochs).containsExactly(2.0, null);
    SamplingPlan shares =
        SamplingPlan.of(
            mixture(.5, .5), List.of(), 1, config(null, 2, 0, 1, Map.of("d0", given), NO_PRIOR));
    assertThat(shares.targetTokens()).isNull();
    assertThat(shares.domains()).extracting(SamplingPlan.Domain::weight).containsExactly(.5, .5);
  }

  @Test
  void givenCountsMustBeGivenForEveryDomain() {
    assertThatThrownBy(
            () ->
                SamplingPlan.of(
                    mixture(.5, .5),
                    sizes(10, 10),
                    1,
                    new PlanConfig(
                        MixtureOrigin.COMPUTED,
                        Optional.of(10L),
                        8,
                        4,
                        0,
                        1,
                        Map.of(),
                        TokenOrigin.GIVEN,
                        Optional.empty(),
                        NO_PRIOR,
                        List.of(),
                        Map.of())))
        .hasMessage(
            "Cannot plan with plan.count = given: nothing is said of domain 'd0'. Set plan.domains.\"d0\".available-tokens.");
  }
}
