package org.chameleon.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.chameleon.evaluation.Findings;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.SamplingPlan;

/** One self-contained page about a run: weights beside the alternatives, and the affinity. */
public final class Report {
  /** Where a section belongs in the template: all are put in at once, so none can name another. */
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /** Domains that are drawn and listed. */
  static final int MOST_SHOWN = 100;

  /** Share that has no two digits behind the point. */
  private static final double SMALL = 5e-5;

  private final ReportConfig config;

  /** Creates a report with a heading. */
  public Report(ReportConfig config) {
    this.config = config;
  }

  /**
   * Returns the page.
   *
   * @param found what trained models say of the mixture, if it was evaluated
   * @param notes what else the reader should know
   */
  public String html(
      Mixture mixture, SamplingPlan plan, Optional<Findings> found, Set<ReportNote> notes) {
    Map<String, String> sections =
        Map.of(
            "title", escape(config.title()),
            "summary", summary(mixture, plan),
            "evidence", evidence(plan.evidence()),
            "notes", notes(notes) + notShown(mixture),
            "warnings", warnings(mixture.warnings(), plan.warnings()),
            "weights", new WeightChart(mixture).svg(),
            "evaluation", found.map(f -> new EvidenceSection(f).html()).orElse(""),
            "affinity", affinity(mixture),
            "sensitivity", new SensitivitySection(mixture).html(),
            "rows", rows(mixture, plan));
    return PLACE
        .matcher(template())
        .replaceAll(place -> Matcher.quoteReplacement(sections.get(place.group(1))));
  }

  private static String template() {
    try (InputStream in = Report.class.getResourceAsStream("report.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String summary(Mixture mixture, SamplingPlan plan) {
    return String.format(
        Locale.ROOT,
        "%d domains, objective <b>%s</b>, largest weight <b>%.2f</b> times the smallest; %s tokens"
            + " planned. &lambda; = %.4g and T = %.4g as used, effective dimension %.2f.",
        mixture.domains().size(),
        escape(mixture.objective()),
        mixture.ratio(),
        plan.targetTokens() == null ? "no" : whole(plan.targetTokens()),
        mixture.effectiveLambda(),
        mixture.effectiveTemperature(),
        mixture.effectiveDimension());
  }

  /** Whether the planned mixture was evaluated, and with what verdict. */
  private static String evidence(Evidence evidence) {
    return evidence == null
        ? "not evaluated."
        : "<b>%s</b> was %s; recommended is <b>%s</b>."
            .formatted(
                escape(evidence.mixture()),
                escape(evidence.inWords()),
                escape(evidence.recommended()));
  }

  private static String notes(Set<ReportNote> notes) {
    return notes.stream()
        .sorted()
        .map(note -> "<p>" + escape(note.text()) + "</p>\n")
        .collect(Collectors.joining());
  }

  private static String warnings(List<Warning> mixture, List<Warning> plan) {
    StringBuilder html = new StringBuilder();
    for (List<Warning> warnings : List.of(mixture, plan)) {
      for (Warning warning : warnings) {
        html.append("<p class=\"warning\"><b>")
            .append(escape(warning.code()))
            .append("</b> ")
            .append(escape(warning.about()))
            .append(warning.domains().isEmpty() ? "" : ": ")
            .append(escape(warning.message()))
            .append("</p>\n");
      }
    }
    return html.toString();
  }

  private static String notShown(Mixture mixture) {
    int more = mixture.domains().size() - MOST_SHOWN;
    return more <= 0
        ? ""
        : String.format(
            Locale.ROOT,
            "<p>Shown are the %d domains with the largest weights; mixture.json and"
                + " plan/manifest.json have the %,d others too.</p>%n",
            MOST_SHOWN,
            more);
  }

  private static String affinity(Mixture mixture) {
    return mixture.affinity() == null || mixture.domains().size() > MOST_SHOWN
        ? "<p>Not drawn: the domains are too many.</p>"
        : new AffinityChart(mixture).svg();
  }

  private static String rows(Mixture mixture, SamplingPlan plan) {
    StringBuilder html = new StringBuilder();
    for (int i : mixture.shown(MOST_SHOWN)) {
      Mixture.Domain domain = mixture.domains().get(i);
      SamplingPlan.Domain planned = plan.domains().get(i);
      html.append("<tr><td class=\"name\">").append(escape(domain.name())).append("</td>");
      cell(html, percent(domain.proportional()));
      cell(html, percent(domain.weight()));
      cell(
          html,
          domain.weightLow() == null
              ? "–"
              : percent(domain.weightLow()) + " – " + percent(domain.weightHigh()));
      cell(html, String.format(Locale.ROOT, "%.4f", domain.score()));
      cell(html, percent(planned.weight()) + (planned.capped() ? " *" : ""));
      cell(html, whole(planned.tokens()));
      cell(
          html,
          planned.epochs() == null ? "–" : String.format(Locale.ROOT, "%.2f", planned.epochs()));
      cell(html, available(planned));
      cell(html, whole(planned.availableRows()));
      html.append("</tr>\n");
    }
    return html.toString();
  }

  private static String available(SamplingPlan.Domain planned) {
    Double error = planned.availableTokensStandardError();
    return error != null && error > 0
        ? String.format(Locale.ROOT, "%,d ± %,.0f", planned.availableTokens(), error)
        : whole(planned.availableTokens());
  }

  private static void cell(StringBuilder html, String text) {
    html.append("<td>").append(text).append("</td>");
  }

  private static String whole(Long number) {
    return number == null ? "–" : String.format(Locale.ROOT, "%,d", number);
  }

  static String percent(Double share) {
    String digits = share != null && share > 0 && share < SMALL ? "%.2g %%" : "%.2f %%";
    return share == null ? "–" : String.format(Locale.ROOT, digits, 100 * share);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
