package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.chameleon.mixture.Mixture;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DomainSize;
import org.junit.jupiter.api.Test;

/** What a run prints. */
class MixtureTableTest {
  private static String table(Long tokens) {
    Mixture mixture = Plans.mixture(.5, .5);
    List<DomainSize> sizes =
        List.of(Plans.size("d0", 10, 1_000), Plans.size("d1", 1_000, 1_000_000));
    SamplingPlan plan =
        SamplingPlan.of(mixture, sizes, 1, Plans.config(tokens, List.of(), Map.of()));
    return new MixtureTable(mixture, plan).text();
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
  void aPlanThatChangesNothingIsNoColumn() {
    assertThat(table(1_000L))
        .contains("domain                     of data    weight       95 % interval   epochs")
        .doesNotContain("planned");
  }
}
