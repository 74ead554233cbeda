package org.chameleon.cli;

import java.util.Locale;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.SamplingPlan;

/** A mixture and its plan as a table of at most 80 columns. */
final class MixtureTable {
  private static final int WIDTH = 80;
  private static final String ROW = "%-24s %9s %9s %19s %8s%n";

  private final Mixture mixture;
  private final SamplingPlan plan;

  MixtureTable(Mixture mixture, SamplingPlan plan) {
    this.mixture = mixture;
    this.plan = plan;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(Locale.ROOT, ROW, "domain", "of data", "weight", "95 % interval", "epochs"));
    for (int i = 0; i < mixture.domains().size(); i++) {
      Mixture.Domain domain = mixture.domains().get(i);
      SamplingPlan.Domain planned = plan.domains().get(i);
      String epochs =
          planned.epochs() == null
              ? "-"
              : String.format(Locale.ROOT, "%.2f", planned.epochs())
                  + (planned.capped() ? "*" : "");
      text.append(
          String.format(
              Locale.ROOT,
              ROW,
              shortened(domain.name()),
              percent(domain.proportional()),
              percent(domain.weight()),
              percent(domain.weightLow()) + " - " + percent(domain.weightHigh()),
              epochs));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n%s%s; largest weight %.2f times the smallest%n",
            mixture.objective(),
            plan.targetTokens() == null
                ? ""
                : String.format(Locale.ROOT, ", %,d tokens", plan.targetTokens()),
            mixture.ratio()));
    mixture.warnings().forEach(warning -> append(text, warning));
    plan.warnings().forEach(warning -> append(text, warning));
    return text.append(System.lineSeparator()).toString();
  }

  private static void append(StringBuilder text, Warning warning) {
    String about = warning.domains().isEmpty() ? "" : String.join(", ", warning.domains()) + ": ";
    StringBuilder line = new StringBuilder("warning:");
    for (String word : (about + warning.message()).split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append(System.lineSeparator());
        line = new StringBuilder("        ");
      }
      line.append(' ').append(word);
    }
    text.append(line).append(System.lineSeparator());
  }

  static String shortened(String name) {
    return name.length() <= 24 ? name : name.substring(0, 23) + "…";
  }

  static String percent(Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
