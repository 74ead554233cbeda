package org.chameleon.report;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Sensitivity;

/** What else the weights might have been: other settings, families, proportions that are kept. */
final class SensitivitySection {
  private final Mixture mixture;

  SensitivitySection(Mixture mixture) {
    this.mixture = mixture;
  }

  /** Returns nothing where there is nothing to tell. */
  String html() {
    return settings() + families() + reuse();
  }

  private String settings() {
    Sensitivity sensitivity = mixture.sensitivity();
    if (sensitivity == null) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>Sensitivity</h2>\n<p>");
    html.append(Report.escape(sensitivity.sentence()))
        .append("</p>\n<table>\n<thead><tr><th>setting tried</th><th>Kendall's &tau;</th>")
        .append("<th>largest change</th><th class=\"name\">of domain</th>")
        .append("<th>effective dimension</th><th>largest / smallest</th></tr></thead>\n<tbody>\n");
    for (Sensitivity.Setting setting : sensitivity.settings()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td class=\"name\">%s</td><td>%s</td><td>%.2f points</td>"
                  + "<td class=\"name\">%s</td><td>%.2f</td><td>%.2f</td></tr>%n",
              Report.escape(setting.inWords()),
              setting.kendallTau() == null
                  ? "–"
                  : String.format(Locale.ROOT, "%.2f", setting.kendallTau()),
              100 * setting.largestChange(),
              Report.escape(setting.domain()),
              setting.effectiveDimension(),
              setting.ratio()));
    }
    return html.append("</tbody>\n</table>\n").toString();
  }

  private String families() {
    Map<String, String> families = new TreeMap<>();
    mixture.domains().stream()
        .filter(domain -> domain.family() != null)
        .forEach(
            domain ->
                families.merge(
                    domain.family(),
                    Report.escape(domain.name()) + " " + Report.percent(domain.familyShare()),
                    (one, other) -> one + ", " + other));
    StringBuilder html = new StringBuilder();
    families.forEach(
        (family, domains) ->
            html.append("<p><b>Family ")
                .append(Report.escape(family))
                .append("</b> of ")
                .append(domains)
                .append("</p>\n"));
    return html.isEmpty() ? "" : "<h2>Families</h2>\n" + html;
  }

  private String reuse() {
    if (mixture.domains().stream().allMatch(domain -> Objects.isNull(domain.exactWeight()))) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>Proportions kept</h2>\n<table>\n");
    html.append("<thead><tr><th>domain</th><th>weight</th><th>if none were kept</th></tr></thead>")
        .append("\n<tbody>\n");
    for (Mixture.Domain domain : mixture.domains()) {
      html.append(
          "<tr><td class=\"name\">%s%s</td><td>%s</td><td>%s</td></tr>\n"
              .formatted(
                  Report.escape(domain.name()),
                  domain.reused() == null ? " (computed)" : "",
                  Report.percent(domain.weight()),
                  Report.percent(domain.exactWeight())));
    }
    return html.append("</tbody>\n</table>\n").toString();
  }
}
