package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.mixture.Mixture;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.Verdict;
import org.chameleon.sampling.DomainSize;
import org.junit.jupiter.api.Test;

/** What a run prints. */
class MixtureTableTest {
  private static String table(Long tokens) {
    return table(tokens, Optional.empty());
  }

  private static String table(Long tokens, Optional<Evidence> evidence) {
    Mixture mixture = Plans.mixture(.5, .5);
    List<DomainSize> sizes =
        List.of(Plans.size("d0", 10, 1_000), Plans.size("d1", 1_000, 1_000_000));
    SamplingPlan plan =
        SamplingPlan.of(mixture, sizes, 1, Plans.config(tokens, List.of(), Map.of()));
    return new MixtureTable(mixture, plan.withEvidence(evidence)).text();
  }

  @Test
  void aPlannedShareStandsThereWhereItIsNotTheWeight() {
    assertThat(table(50_000L))
        .contains("domain                    of data   weight       95 % interval  planned  epochs")
        .containsPattern("(?m)^d0 +- +50.00 % +0.00 % - 100.00 % +8.00 % +4.00\\*$")
        .containsPattern("(?m)^d1 +- +50.00 % +0.00 % - 100.00 % +92.00 % +0.05$");
    assertThat(table(50_000L).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void aMixtureThatWasNotEvaluatedIsCalledSo() {
    assertThat(table(1_000L))
        .contains("\nevidence: not evaluated\nwarning: Whether this mixture helps has not been");
    assertThat(table(1_000L).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void theVerdictStandsUnderTheMixture() {
    Evidence better =
        new Evidence("computed", Verdict.BETTER, "proportional", -.03, -.04, -.02, "computed");
    assertThat(table(1_000L, Optional.of(better)))
        .contains(
            """
            evidence: computed was shown to be better than proportional (-0.0300 bits per
                      byte, -0.0400 to -0.0200)
            """)
        .doesNotContain("warning:");
    Evidence unclear =
        new Evidence("computed", Verdict.NOT_SHOWN, "uniform", .001, -.01, .012, "uniform");
    assertThat(table(1_000L, Optional.of(unclear)))
        .contains(
            """
            warning: The planned mixture, computed, was not shown to be better than uniform
                     (+0.0010 bits per byte, -0.0100 to +0.0120). Recommended is uniform:
                     plan.from = recommended plans it.
            """);
  }

  @Test
  void aPlanThatChangesNothingIsNoColumn() {
    assertThat(table(1_000L))
        .contains("domain                     of data    weight       95 % interval   epochs")
        .doesNotContain("planned");
  }
}
