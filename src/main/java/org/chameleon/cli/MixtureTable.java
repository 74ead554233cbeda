package org.chameleon.cli;

import java.util.Locale;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.SamplingPlan;

/** A mixture and its plan as a table of at most 80 columns. */
final class MixtureTable {
  /** Domains of which a line is printed. */
  static final int MOST_ROWS = 100;

  private static final double SMALL = 5e-5;

  private static final int NAME = 24;
  private static final String ROW = "%-24s %9s %9s %19s %8s%n";
  private static final String WIDE_ROW = "%-24s %8s %8s %19s %8s %7s%n";

  private final Mixture mixture;
  private final SamplingPlan plan;

  MixtureTable(Mixture mixture, SamplingPlan plan) {
    this.mixture = mixture;
    this.plan = plan;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    boolean differs = plansOtherShares();
    text.append(
        differs
            ? row(WIDE_ROW, "domain", "of data", "weight", "95 % interval", "planned", "epochs")
            : row(ROW, "domain", "of data", "weight", "95 % interval", "epochs"));
    for (int i : mixture.shown(MOST_ROWS)) {
      Mixture.Domain domain = mixture.domains().get(i);
      SamplingPlan.Domain planned = plan.domains().get(i);
      String name = shortened(domain.name());
      String ofData = percent(domain.proportional());
      String weight = percent(domain.weight());
      String interval =
          domain.weightLow() == null
              ? "-"
              : percent(domain.weightLow()) + " - " + percent(domain.weightHigh());
      text.append(
          differs
              ? row(
                  WIDE_ROW,
                  name,
                  ofData,
                  weight,
                  interval,
                  percent(planned.weight()),
                  epochs(planned))
              : row(ROW, name, ofData, weight, interval, epochs(planned)));
    }
    if (mixture.domains().size() > MOST_ROWS) {
      text.append(
          String.format(
              Locale.ROOT,
              "… and %,d more, whose weights are smaller: mixture.json has all%n",
              mixture.domains().size() - MOST_ROWS));
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
    text.append(evidence());
    if (mixture.sensitivity() != null) {
      text.append(WrappedText.of("order:", mixture.sensitivity().sentence()));
    }
    mixture.warnings().forEach(warning -> text.append(text(warning)));
    plan.warnings().forEach(warning -> text.append(text(warning)));
    text.append(ReuseTable.text(mixture));
    return text.append(System.lineSeparator()).toString();
  }

  /** Whether any planned share is printed otherwise than the weight it was made of. */
  private boolean plansOtherShares() {
    return plan.domains().stream()
        .anyMatch(d -> !percent(d.weight()).equals(percent(d.computedWeight())));
  }

  private static String row(String format, Object... cells) {
    return String.format(Locale.ROOT, format, cells);
  }

  private static String epochs(SamplingPlan.Domain planned) {
    return planned.epochs() == null
        ? "-"
        : String.format(Locale.ROOT, "%.2f", planned.epochs()) + (planned.capped() ? "*" : "");
  }

  private static String text(Warning warning) {
    String about = warning.domains().isEmpty() ? "" : warning.about() + ": ";
    return WrappedText.of("warning:", about + warning.message());
  }

  private String evidence() {
    Evidence evidence = plan.evidence();
    return WrappedText.of(
        "evidence:",
        evidence == null ? "not evaluated" : evidence.mixture() + " was " + evidence.inWords());
  }

  static String shortened(String name) {
    return shortened(name, NAME);
  }

  static String shortened(String name, int columns) {
    return name.length() <= columns ? name : name.substring(0, columns - 1) + "…";
  }

  static String percent(Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, digits(share), 100 * share);
  }

  /** Shares of very many domains are small. */
  private static String digits(double share) {
    return share > 0 && share < SMALL ? "%.2g %%" : "%.2f %%";
  }
}
