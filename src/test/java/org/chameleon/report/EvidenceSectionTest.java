package org.chameleon.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.chameleon.evaluation.Evaluations;
import org.chameleon.evaluation.Findings;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What the page shows of an evaluation. */
class EvidenceSectionTest extends PageFixture {
  private static final String HOSTILE = "<b>&\"";
  private static final String ESCAPED = "&lt;b&gt;&amp;&quot;";

  private static Findings findings(String name) {
    return Evaluations.of(List.of("art", HOSTILE))
        .with(name, -.02, Map.of("art", .4, HOSTILE, .6))
        .findings();
  }

  private static String html(Findings found) {
    return new EvidenceSection(found).html();
  }

  @Test
  void theTableHasQualityAndPriceOfEveryMixture() {
    List<List<String>> rows = rows(html(findings("computed")));
    assertThat(rows)
        .contains(
            List.of("mean bits per byte", "1.5500", "1.5000", "1.4800"),
            List.of("standard deviation over seeds", "0.0042", "0.0042", "0.0042"),
            List.of("seeds", "10", "10", "5"),
            List.of(
                "against proportional",
                "+0.0500<br><small>+0.0400 to +0.0600<br>worse</small>",
                "–",
                "-0.0200<br><small>-0.0300 to -0.0100<br>better</small>"),
            List.of("FLOPs to find", "0", "0", "3.0e+12"),
            List.of("seconds to find", "0", "0", "290"),
            List.of("FLOPs to check", "4.5e+13", "4.5e+13", "4.5e+13"),
            List.of("seconds to check", "1,234", "1,234", "1,234"));
    // e^(2 · 1.43) and e^(2 · 1.53) are the computed mixture's perplexities.
    assertThat(rows).contains(List.of("mean perplexity", "22.31", "20.19", "19.39"));
  }

  @Test
  void theTargetStandsBesideTheDomains() {
    Findings found =
        Evaluations.of(List.of("art", "law"))
            .withTarget()
            .with("regmix", -.03, Map.of())
            .findings();
    assertThat(html(found))
        .contains("345 windows of 12 documents of the target")
        .contains("bits per byte of the target")
        .contains("target, against proportional")
        .contains("-0.0300<br><small>-0.0400 to -0.0200</small>")
        .contains("ranks them with a correlation of 0.93");
    assertThat(html(findings("computed"))).doesNotContain("target");
  }

  @Test
  void everyDomainHasItsPerplexityAndItsShare() {
    String html = html(findings("computed"));
    assertThat(rows(html.substring(html.lastIndexOf("<table"))))
        .containsExactly(
            List.of(
                ESCAPED,
                "24.53<br><small>50.00 %</small>",
                "22.20<br><small>66.67 %</small>",
                "21.33<br><small>60.00 %</small>"),
            List.of(
                "art",
                "20.09<br><small>50.00 %</small>",
                "18.17<br><small>33.33 %</small>",
                "17.46<br><small>40.00 %</small>"));
  }

  @Test
  void theRecommendationAndItsReasonsComeFirst() {
    assertThat(html(findings("computed")))
        .startsWith(
            """
            <h2>Evidence</h2>
            <p>Recommended is <b>computed</b>; the verdict on <b>computed</b> against <b>proportional</b>: better.</p>
            <ul>
            <li>The interval of the difference excludes 0.</li>
            </ul>
            """)
        .contains("<th class=\"recommended\">computed (recommended)</th>")
        .contains(
            "1,234,567 parameters, trained on 200,000 and 800,000 tokens, and measured on 4,567 windows of 321 held-out documents; 3 copies of these were left out of training.");
  }

  @Test
  void everyDifferenceIsAPointOnItsInterval() {
    Document chart = xml(svg(html(findings("computed")), "differences"));
    assertThat(attributes(chart, "circle", "class"))
        .containsExactly("worse", "better", "better", "better");
    List<Element> intervals = elements(chart, "line").stream().filter(l -> !is(l, "zero")).toList();
    List<Element> points = elements(chart, "circle");
    assertThat(intervals).hasSameSizeAs(points);
    for (int i = 0; i < points.size(); i++) {
      double at = number(points.get(i), "cx");
      assertThat(number(intervals.get(i), "x1")).isLessThan(at);
      assertThat(number(intervals.get(i), "x2")).isGreaterThan(at);
    }
    Element zero = elements(chart, "line").stream().filter(l -> is(l, "zero")).findAny().get();
    assertThat(number(points.get(0), "cx")).isGreaterThan(number(zero, "x1"));
    assertThat(number(points.get(1), "cx")).isLessThan(number(zero, "x1"));
    // The band of 0.2 % of 1.5 bits per byte is 0.003 to either side, a point 0.05 away.
    Element band = elements(chart, "rect").get(0);
    double scale = (number(points.get(0), "cx") - number(zero, "x1")) / .05;
    assertThat(number(band, "width") / scale).isBetween(.0059, .0061);
    assertThat(texts(chart, "title"))
        .contains("computed was shown to be better than uniform: -0.0700, -0.0800 to -0.0600");
  }

  @Test
  void aMixtureWhoseTrialsFailedIsNotMeasured() {
    String html = html(Evaluations.of(List.of("art", "law")).withFailed("computed").findings());
    assertThat(html).contains("1 models of").contains("800,000 tokens (1 of them failed), and");
    assertThat(rows(html))
        .contains(
            List.of("mean bits per byte", "1.5500", "1.5000", "–"),
            List.of("mean perplexity", "22.31", "20.19", "–"));
    Document chart = xml(svg(html, "differences"));
    assertThat(elements(chart, "circle")).hasSize(2);
    assertThat(texts(chart, "text")).filteredOn("not measured"::equals).hasSize(2);
    assertThat(texts(chart, "title")).contains("computed was not measured against uniform");
  }

  @Test
  void noNameBecomesMarkupAndLongOnesAreShortenedInTheChart() {
    assertThat(html(findings(HOSTILE))).doesNotContain(HOSTILE);
    String longName = "grid objective=finetune max-ratio=4 prior=0.25";
    Document chart = xml(svg(html(findings(longName)), "differences"));
    assertThat(texts(chart, "text"))
        .contains("grid objec… prior=0.25 against uniform")
        .noneMatch(text -> text.contains(longName));
    assertThat(texts(chart, "title")).anyMatch(title -> title.startsWith(longName));
  }

  private static boolean is(Element element, String kind) {
    return element.getAttribute("class").equals(kind);
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}
