package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.chameleon.evaluation.Evaluations;
import org.chameleon.evaluation.Findings;
import org.junit.jupiter.api.Test;

/** What an evaluation prints. */
class EvaluationTableTest {
  @Test
  void mixturesDifferencesAndTheRecommendation() {
    Findings found =
        Evaluations.of(List.of("art", "law"))
            .with("computed", .03, Map.of("art", .4, "law", .6))
            .findings();
    assertThat(text(found))
        .isEqualTo(
            """
            mixture                  bits per byte     seeds    worst  domain
            uniform                  1.5500 ± 0.0042      10   1.6000  law
            proportional             1.5000 ± 0.0042      10   1.5500  law
            computed                 1.5300 ± 0.0042       5   1.5800  law

            mixture                  against      difference       95 % interval  verdict
            uniform                  proportional    +0.0500  +0.0400 to +0.0600  worse
            proportional             uniform         -0.0500  -0.0600 to -0.0400  better
            computed                 proportional    +0.0300  +0.0200 to +0.0400  worse
            computed                 uniform         -0.0200  -0.0300 to -0.0100  better

            recommended: proportional; computed was shown to be worse than proportional
              - The interval of the difference excludes 0.

            """);
  }

  @Test
  void theTargetHasItsOwnTableAndTheLawItsQuality() {
    Findings found =
        Evaluations.of(List.of("art", "law"))
            .withTarget()
            .with("regmix", -.03, Map.of("art", .4, "law", .6))
            .findings();
    assertThat(text(found))
        .contains(
            """

            on the target           bits/byte  against      difference        95 % interval
            uniform                    1.2500  proportional    +0.0500   +0.0400 to +0.0600
            proportional               1.2000  uniform         -0.0500   -0.0600 to -0.0400
            regmix                     1.1700  proportional    -0.0300   -0.0400 to -0.0200
            regmix                     1.1700  uniform         -0.0800   -0.0900 to -0.0700

            """)
        .contains("note: regmix is where a law of the loss of the target, fitted to 52 models")
        .doesNotContain("too little");
    assertThat(text(found).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    assertThat(text(Evaluations.of(List.of("art", "law")).withFailed("computed").findings()))
        .containsPattern("(?m)^computed +- +0 +-  -$")
        .containsPattern("(?m)^computed +uniform +- +-  not-shown$");
  }

  @Test
  void nothingIsWiderThanAScreen() {
    Findings found =
        Evaluations.of(List.of("articles about law and the sea", "zoological articles of 1876"))
            .with(
                "grid objective=finetune max-ratio=4 prior=0.25",
                -.03,
                Map.of("articles about law and the sea", .4))
            .findings();
    assertThat(text(found)).contains("grid object…4 prior=0.25", "zoological articles …");
    assertThat(text(found).lines()).allMatch(line -> line.length() <= 80);
    assertThat(text(Evaluations.many(15, 8)).lines()).allMatch(line -> line.length() <= 80);
  }

  private static String text(Findings found) {
    return new EvaluationTable(found.results(), found.recommendation()).text();
  }
}
