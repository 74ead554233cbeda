package org.chameleon.report;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chameleon.evaluation.Candidate;
import org.chameleon.evaluation.EvaluatedMixture;
import org.chameleon.evaluation.Findings;
import org.chameleon.evaluation.Recommendation;
import org.chameleon.evaluation.Results;
import org.chameleon.evaluation.TrialResult;

/** What small models said of several mixtures: quality and price, domain by domain, and why. */
final class EvidenceSection {
  private final Results results;
  private final Recommendation recommendation;
  private final List<EvaluatedMixture> mixtures;

  EvidenceSection(Findings found) {
    this.results = found.results();
    this.recommendation = found.recommendation();
    this.mixtures = results.mixtures();
  }

  String html() {
    StringBuilder html = new StringBuilder("<h2>Evidence</h2>\n");
    html.append("<p>").append(advice()).append("</p>\n<ul>\n");
    recommendation
        .reasons()
        .forEach(reason -> html.append("<li>").append(Report.escape(reason)).append("</li>\n"));
    html.append("</ul>\n<p>").append(measured()).append("</p>\n");
    table(html, "measure", this::measures);
    html.append(
        "<p>Differences of the mean, paired by seed, in bits per byte: negative is better. Their intervals are of 95 %, corrected for the number of mixtures. The grey bands are gains too small to count, of 0.2 % of the baseline's mean.</p>\n");
    html.append(
        "<p class=\"legend\"><span class=\"better\" style=\"margin-left:0\"></span>shown to be better<span class=\"not-shown\"></span>not shown to be better<span class=\"worse\"></span>shown to be worse</p>\n");
    html.append(new DifferenceChart(mixtures).svg());
    html.append("\n<p>Perplexity by domain, and the share of the training tokens:</p>\n");
    table(html, "domain", this::domains);
    return html.toString();
  }

  private String advice() {
    return "Recommended is <b>%s</b>; the verdict on <b>%s</b> against <b>%s</b>: %s."
        .formatted(
            Report.escape(recommendation.mixture()),
            Report.escape(recommendation.candidate()),
            Report.escape(recommendation.against()),
            recommendation.verdict());
  }

  private String measured() {
    long failed = results.trials().stream().filter(trial -> trial.error() != null).count();
    return format(
        "%,d models of %,d parameters, trained on %s tokens%s, and measured on %,d windows of %,d held-out documents%s; %,d copies of these were left out of training. Losses are of the longest training.%s",
        results.trials().size(),
        results.parameters(),
        results.horizons().stream()
            .map(horizon -> format("%,d", tokens(horizon)))
            .collect(Collectors.joining(" and ")),
        failed == 0 ? "" : format(" (%,d of them failed)", failed),
        results.heldOut().windows(),
        results.heldOut().documents(),
        results.target() == null
            ? ""
            : format(
                " and %,d windows of %,d documents of the target",
                results.target().windows(), results.target().documents()),
        results.heldOut().duplicatesDropped(),
        results.regmix() == null ? "" : " " + results.regmix().inWords());
  }

  /** Tokens of a whole number of steps. */
  private long tokens(int horizon) {
    return results.trials().stream()
        .filter(trial -> trial.error() == null && trial.horizon() == horizon)
        .mapToLong(TrialResult::tokens)
        .findFirst()
        .orElse(horizon * results.tokens());
  }

  private void table(StringBuilder html, String first, Consumer<StringBuilder> rows) {
    html.append("<div class=\"wide\">\n<table class=\"mixtures\">\n<thead><tr><th>")
        .append(first)
        .append("</th>");
    for (EvaluatedMixture mixture : mixtures) {
      boolean recommended = mixture.name().equals(recommendation.mixture());
      html.append(recommended ? "<th class=\"recommended\">" : "<th>")
          .append(Report.escape(mixture.name()))
          .append(recommended ? " (recommended)</th>" : "</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    rows.accept(html);
    html.append("</tbody>\n</table>\n</div>\n");
  }

  private void measures(StringBuilder html) {
    row(html, "mean bits per byte", m -> decimals(m.mean()));
    row(html, "standard deviation over seeds", m -> decimals(m.standardDeviation()));
    row(html, "seeds", m -> String.valueOf(m.seeds()));
    row(html, "mean perplexity", m -> perplexity(mean(m)));
    row(html, "bits per byte of all tokens", m -> decimals(m.tokenWeightedMean()));
    row(html, "worst domain", EvidenceSection::worst);
    for (String baseline : List.of(Candidate.UNIFORM, Candidate.PROPORTIONAL)) {
      row(html, "against " + baseline, m -> difference(m.against().get(baseline)));
    }
    if (results.target() != null) {
      row(html, "bits per byte of the target", m -> target(m.target()));
      for (String baseline : List.of(Candidate.UNIFORM, Candidate.PROPORTIONAL)) {
        row(html, "target, against " + baseline, m -> targetAgainst(m.target(), baseline));
      }
    }
    row(html, "FLOPs to find", m -> flops(m.findingFlops()));
    row(html, "seconds to find", m -> seconds(m.findingSeconds()));
    row(html, "FLOPs to check", m -> flops(m.checkingFlops()));
    row(html, "seconds to check", m -> seconds(m.checkingSeconds()));
  }

  private void domains(StringBuilder html) {
    TreeSet<String> names = new TreeSet<>();
    mixtures.forEach(mixture -> names.addAll(mixture.weights().keySet()));
    for (String name : names) {
      row(
          html,
          name,
          m ->
              perplexity(m.perplexity().get(name))
                  + "<br><small>"
                  + Report.percent(m.weights().get(name))
                  + "</small>");
    }
  }

  private void row(StringBuilder html, String name, Function<EvaluatedMixture, String> cell) {
    html.append("<tr><td class=\"name\">").append(Report.escape(name)).append("</td>");
    mixtures.forEach(m -> html.append("<td>").append(cell.apply(m)).append("</td>"));
    html.append("</tr>\n");
  }

  private static Double mean(EvaluatedMixture mixture) {
    return mixture.perplexity().isEmpty()
        ? null
        : (Double)
            mixture.perplexity().values().stream().mapToDouble(p -> p).average().orElseThrow();
  }

  private static String worst(EvaluatedMixture mixture) {
    return mixture.worst() == null || mixture.worstDomain() == null
        ? "–"
        : decimals(mixture.worst())
            + "<br><small>"
            + Report.escape(mixture.worstDomain())
            + "</small>";
  }

  private static String difference(EvaluatedMixture.Comparison compared) {
    return compared == null || compared.difference() == null
        ? "–"
        : format(
            "%+.4f<br><small>%s<br>%s</small>",
            compared.difference(), interval(compared.low(), compared.high()), compared.verdict());
  }

  private static String target(EvaluatedMixture.Target target) {
    return target == null
        ? "–"
        : decimals(target.bitsPerByte())
            + "<br><small>± "
            + decimals(target.standardDeviation())
            + "</small>";
  }

  private static String targetAgainst(EvaluatedMixture.Target target, String baseline) {
    EvaluatedMixture.Difference found = target == null ? null : target.against().get(baseline);
    return found == null
        ? "–"
        : format(
            "%+.4f<br><small>%s</small>", found.difference(), interval(found.low(), found.high()));
  }

  private static String interval(Double low, Double high) {
    return low == null || high == null ? "–" : format("%+.4f to %+.4f", low, high);
  }

  private static String decimals(Double value) {
    return value == null ? "–" : format("%.4f", value);
  }

  private static String perplexity(Double value) {
    return value == null ? "–" : format("%,.2f", value);
  }

  private static String flops(double value) {
    return value == 0 ? "0" : format("%.1e", value);
  }

  private static String seconds(double value) {
    return format("%,.0f", value);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
