package org.chameleon.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.chameleon.plan.Evidence;
import org.chameleon.run.ProxyIdentity;
import org.chameleon.run.RunComparison;

/** What moved between two runs, for a terminal. */
final class ComparisonTable {
  private final RunComparison comparison;

  ComparisonTable(RunComparison comparison) {
    this.comparison = comparison;
  }

  /** Returns all domains in their order, or those of very many that moved furthest. */
  private List<RunComparison.Change> shown() {
    return comparison.domains().size() <= MixtureTable.MOST_ROWS
        ? comparison.domains()
        : comparison.domains().stream()
            .sorted(Comparator.comparingDouble(change -> -Math.abs(change.change())))
            .limit(MixtureTable.MOST_ROWS)
            .toList();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-24s %15s %15s %7s %15s%n", "shares in %", "planned", "computed", "", "data"));
    text.append(row("domain", "before", "after", "before", "after", "change", "before", "after"));
    for (RunComparison.Change change : shown()) {
      text.append(
          row(
              MixtureTable.shortened(change.name()),
              percent(change.planned().before()),
              percent(change.planned().after()),
              percent(change.computed().before()),
              percent(change.computed().after()),
              points(change.change()),
              percent(change.dataBefore()),
              percent(change.dataAfter())));
    }
    if (comparison.domains().size() > MixtureTable.MOST_ROWS) {
      text.append(
          String.format(
              Locale.ROOT,
              "… and %,d more that moved less%n",
              comparison.domains().size() - MixtureTable.MOST_ROWS));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%ncompared are the %s weights%s%n",
            comparison.compared(),
            comparison.compared() == RunComparison.Compared.PLANNED
                ? ""
                : ": a run has no plan of its configuration"));
    text.append(
        String.format(
            Locale.ROOT,
            "largest change %s points ('%s')%n%s of the mixture moved%n",
            points(comparison.furthest().change()),
            MixtureTable.shortened(comparison.furthest().name()),
            MixtureTable.percent(comparison.totalVariation())));
    text.append(agreement(comparison));
    if (comparison.proxies().differ()) {
      text.append(
          String.format(
              "other proxy: %s -> %s%n",
              proxy(comparison.proxies().before()), proxy(comparison.proxies().after())));
    }
    if (comparison.evidence().differ()) {
      text.append(
          WrappedText.of(
              "evidence:",
              evidence(comparison.evidence().before())
                  + " -> "
                  + evidence(comparison.evidence().after())));
    }
    list(text, "come: ", comparison.come());
    list(text, "gone: ", comparison.gone());
    for (RunComparison.Difference setting : comparison.settings()) {
      text.append("differs: ").append(setting.key()).append(": ");
      text.append(setting.before() == null ? "not set" : setting.before());
      text.append(" -> ").append(setting.after() == null ? "not set" : setting.after());
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String agreement(RunComparison comparison) {
    Double correlation = comparison.rankCorrelation();
    return String.format(
        Locale.ROOT,
        "rank correlation %s over %d common domains%n",
        correlation == null ? "-" : String.format(Locale.ROOT, "%.3f", correlation),
        comparison.common());
  }

  private static String evidence(Evidence evidence) {
    return evidence == null ? "none" : evidence.mixture() + " " + evidence.inWords();
  }

  /** At most 31 columns up to 99 GB, so that two of them fit on a line. */
  private static String proxy(ProxyIdentity proxy) {
    if (proxy == null) {
      return "none (embedding.from)";
    }
    String type = proxy.type() == null ? "unknown" : proxy.type();
    return String.format(
        Locale.ROOT,
        "%s %.1f MB %s",
        type.length() <= 11 ? type : type.substring(0, 10) + "…",
        proxy.bytes() / 1e6,
        proxy.sha256().substring(0, 8));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-24s %7s %7s %7s %7s %7s %7s %7s%n", cells);
  }

  private static String percent(Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  private static void list(StringBuilder text, String what, List<String> names) {
    if (!names.isEmpty()) {
      text.append(what).append(String.join(", ", names)).append(System.lineSeparator());
    }
  }

  static String points(double change) {
    return String.format(Locale.ROOT, "%+.2f", 100 * change);
  }
}
