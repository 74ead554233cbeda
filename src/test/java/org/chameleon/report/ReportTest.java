package org.chameleon.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.TokenOrigin;
import org.chameleon.plan.Verdict;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Each section of the page, for a run of two domains. */
class ReportTest extends PageFixture {
  private static final String HOSTILE = "<b>&\"";
  private static final String ESCAPED = "&lt;b&gt;&amp;&quot;";

  @Test
  void aMixtureThatWasNotEvaluatedIsCalledSo() {
    assertThat(html(mixture(.2), plan(3000L)))
        .contains("<p>Evidence: not evaluated.</p>")
        .doesNotContain("<h2>Evidence</h2>");
  }

  @Test
  void theVerdictOnThePlannedMixtureStandsBesideIt() {
    Evidence evidence = new Evidence("computed", Verdict.WORSE, "uniform", .02, .01, .03, HOSTILE);
    assertThat(html(mixture(.2), plan(3000L).withEvidence(Optional.of(evidence))))
        .contains(
            "<p>Evidence: <b>computed</b> was shown to be worse than uniform (+0.0200 bits per byte, +0.0100 to +0.0300); recommended is <b>%s</b>.</p>"
                .formatted(ESCAPED))
        .contains("<b>SHOWN_TO_BE_WORSE</b>");
  }

  @Test
  void theTitleAndTheSummarySayWhatTheRunIs() {
    String html =
        new Report(new ReportConfig("Mine & <yours>"))
            .html(mixture(.2), plan(3000L), Optional.empty(), Set.of());
    assertThat(html).contains("<title>Mine &amp; &lt;yours&gt;</title>");
    assertThat(html).contains("<h1>Mine &amp; &lt;yours&gt;</h1>");
    assertThat(html)
        .contains(
            "2 domains, objective <b>pretrain</b>, largest weight <b>3.00</b> times the smallest;"
                + " 3,000 tokens planned. &lambda; = 0.5000 and T = 18.18 as used, effective dimension"
                + " 1.25.");
    assertThat(html).doesNotContain("{{");
  }

  @Test
  void thePlanHasARowForEachDomain() {
    List<List<String>> rows = rows(html(mixture(.2), plan(3000L)));
    assertThat(rows)
        .containsExactly(
            List.of(
                ESCAPED,
                "20.00 %",
                "75.00 %",
                "70.00 % – 80.00 %",
                "0.2500",
                "60.00 % *",
                "1,800",
                "4.00",
                "450 ± 20",
                "1,000"),
            List.of(
                "code",
                "80.00 %",
                "25.00 %",
                "20.00 % – 30.00 %",
                "0.7500",
                "40.00 %",
                "1,200",
                "0.06",
                "20,000",
                "50"));
  }

  @Test
  void whatIsNotKnownIsADash() {
    String html = html(mixture(null), plan(null));
    assertThat(html).contains("; no tokens planned.");
    for (List<String> row : rows(html)) {
      assertThat(row.get(1)).isEqualTo("–");
      assertThat(row.subList(6, 10)).containsOnly("–");
    }
    assertThat(xml(svg(html, "weights")).getElementsByTagName("rect").getLength()).isEqualTo(2);
  }

  @Test
  void warningsOfTheMixtureComeBeforeThoseOfThePlan() {
    assertThat(html(mixture(.2), plan(3000L)))
        .contains(
            "<p class=\"warning\"><b>NEAR_DUPLICATES</b> %s, code: They are &lt;alike&gt;.</p>\n<p class=\"warning\"><b>NOT_EXPORTED</b> No file.</p>\n"
                .formatted(ESCAPED));
  }

  @Test
  void weightsHaveABarAnIntervalAndTheDataBesideThem() {
    Document chart = xml(svg(html(mixture(.2), plan(3000L)), "weights"));
    // The largest of all shares and ends of intervals, 0.8, is as wide as the chart: 560.
    assertThat(attributes(chart, "rect", "class"))
        .containsExactly("weight", "data", "weight", "data");
    assertThat(attributes(chart, "rect", "width"))
        .containsExactly("525.0", "140.0", "175.0", "560.0");
    assertThat(attributes(chart, "line", "class"))
        .containsExactly("interval", "interval", "uniform");
    assertThat(attributes(chart, "line", "x1")).containsExactly("640.0", "290.0", "500.0");
    assertThat(attributes(chart, "line", "x2")).containsExactly("710.0", "360.0", "500.0");
    assertThat(texts(chart, "text")).containsExactly(HOSTILE, "75.00 %", "code", "25.00 %");
  }

  @Test
  void affinityIsColouredByTheCosine() {
    Document chart = xml(svg(html(mixture(.2), plan(3000L)), "affinity"));
    assertThat(attributes(chart, "rect", "fill"))
        .containsExactly("#2166ac", "#ecb78a", "#ecb78a", "#2166ac");
    assertThat(texts(chart, "title"))
        .containsExactly(
            HOSTILE + ", " + HOSTILE + ": K = 4.000, cosine 1.00",
            HOSTILE + ", code: K = -1.000, cosine -0.50",
            "code, " + HOSTILE + ": K = -1.000, cosine -0.50",
            "code, code: K = 1.000, cosine 1.00");
  }

  @Test
  void noNameOfADomainBecomesMarkup() {
    assertThat(html(mixture(.2), plan(3000L))).doesNotContain(HOSTILE);
  }

  @Test
  void aTextThatReadsLikeAPlaceOfThePageStaysAsItIs() {
    String title = "{{rows}} {{title}} $1 \\ {{nothing}}";
    String html =
        new Report(new ReportConfig(title))
            .html(mixture(.2), plan(3000L), Optional.empty(), Set.of());
    assertThat(html).contains("<h1>" + title + "</h1>", "<title>" + title + "</title>");
    assertThat(rows(html)).hasSize(2);
    String named = html(mixture("{{weights}} {{affinity}}", null), plan(null));
    assertThat(rows(named).get(0)).startsWith("{{weights}} {{affinity}}");
    assertThat(texts(xml(svg(named, "weights")), "text")).contains("{{weights}} {{affinity}}");
  }

  @Test
  void aFormatThatWasChosenIsSaidWithWhatItMoves() {
    String html =
        new Report(new ReportConfig("Domain mixture"))
            .html(mixture(.2), plan(3000L), Optional.empty(), Set.of(ReportNote.BFLOAT16_CHOSEN));
    assertThat(html)
        .contains("<p>" + ReportNote.BFLOAT16_CHOSEN.text() + "</p>\n<p class=\"warning\">")
        .contains("embedding.precision = auto chose bfloat16")
        .containsPattern(
            "every weight was within 0\\.\\d+ of what embedding\\.precision = float32 gives");
    assertThat(html(mixture(.2), plan(3000L))).doesNotContain("bfloat16", "precision");
  }

  private static Mixture mixture(Double proportional) {
    return mixture(HOSTILE, proportional);
  }

  private static Mixture mixture(String first, Double proportional) {
    Double rest = proportional == null ? null : (Double) (1 - proportional);
    return new Mixture(
        1,
        "pretrain",
        .29,
        "relative",
        5,
        "relative",
        4.0,
        null,
        false,
        .5,
        18.18,
        true,
        List.of(
            new Mixture.Domain(
                first, .75, .25, .1, 9, .5, proportional, .7, .8, .75, null, 1, null, null, null),
            new Mixture.Domain(
                "code", .25, .75, .3, 9, .5, rest, .2, .3, .25, null, 1, null, null, null)),
        new double[][] {{4, -1}, {-1, 1}},
        1.25,
        2.5,
        null,
        null,
        null,
        List.of(new Warning("NEAR_DUPLICATES", List.of(first, "code"), "They are <alike>.")));
  }

  /** Returns a plan of a budget, or without a budget and any size. */
  private static SamplingPlan plan(Long tokens) {
    boolean known = tokens != null;
    return new SamplingPlan(
        1,
        "tokens",
        tokens,
        8,
        17,
        null,
        List.of(
            new SamplingPlan.Domain(
                HOSTILE,
                .6,
                .75,
                List.of(),
                known ? 1800L : null,
                known ? 4.0 : null,
                known ? 450L : null,
                known ? 20.0 : null,
                known ? TokenOrigin.ESTIMATE : null,
                known ? 1000L : null,
                null,
                known,
                List.of()),
            new SamplingPlan.Domain(
                "code",
                .4,
                .25,
                List.of(),
                known ? 1200L : null,
                known ? .06 : null,
                known ? 20_000L : null,
                known ? 0.0 : null,
                known ? TokenOrigin.EXACT : null,
                known ? 50L : null,
                null,
                false,
                List.of())),
        List.of(),
        List.of(),
        null,
        List.of(new Warning("NOT_EXPORTED", List.of(), "No file.")));
  }

  private static String html(Mixture mixture, SamplingPlan plan) {
    return new Report(new ReportConfig("Domain mixture"))
        .html(mixture, plan, Optional.empty(), Set.of());
  }
}
