package org.chameleon.cli;

import java.util.Locale;
import org.chameleon.evaluation.EvaluatedMixture;
import org.chameleon.evaluation.Findings;
import org.chameleon.evaluation.Recommendation;
import org.chameleon.evaluation.Results;

/** What an evaluation found, as tables of at most 80 columns, and what follows from it. */
final class EvaluationTable {
  private static final String MEANS = "%-24s %-17s %5s %8s  %s%n";
  private static final String DIFFERENCES = "%-24s %-12s %10s %19s  %s%n";
  private static final String TARGET = "%-22s %10s  %-12s %10s  %19s%n";
  private static final String INTERVAL = "95 % interval";
  private static final int NAME = 24;
  private static final int TARGET_NAME = 22;
  private static final int WORST_NAME = 21;

  private final Results results;
  private final Recommendation recommendation;

  EvaluationTable(Results results, Recommendation recommendation) {
    this.results = results;
    this.recommendation = recommendation;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(row(MEANS, "mixture", "bits per byte", "seeds", "worst", "domain"));
    results.mixtures().forEach(mixture -> text.append(mean(mixture)));
    text.append(System.lineSeparator());
    text.append(row(DIFFERENCES, "mixture", "against", "difference", INTERVAL, "verdict"));
    for (EvaluatedMixture mixture : results.mixtures()) {
      mixture
          .against()
          .forEach((baseline, compared) -> text.append(line(mixture, baseline, compared)));
    }
    if (results.target() != null) {
      text.append(target());
    }
    text.append(System.lineSeparator());
    text.append(WrappedText.of("recommended:", advice()));
    recommendation.reasons().forEach(reason -> text.append(WrappedText.of(" ", "- " + reason)));
    if (results.regmix() != null) {
      text.append(WrappedText.of("note:", results.regmix().inWords()));
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static String mean(EvaluatedMixture mixture) {
    String mean =
        mixture.mean() == null
            ? "-"
            : decimals(mixture.mean())
                + (mixture.standardDeviation() == null
                    ? ""
                    : " ± " + decimals(mixture.standardDeviation()));
    return row(
        MEANS,
        Findings.shortened(mixture.name(), NAME),
        mean,
        mixture.seeds(),
        mixture.worst() == null ? "-" : decimals(mixture.worst()),
        mixture.worstDomain() == null
            ? "-"
            : MixtureTable.shortened(mixture.worstDomain(), WORST_NAME));
  }

  private static String line(
      EvaluatedMixture mixture, String baseline, EvaluatedMixture.Comparison compared) {
    return row(
        DIFFERENCES,
        Findings.shortened(mixture.name(), NAME),
        baseline,
        signed(compared.difference()),
        interval(compared.low(), compared.high()),
        compared.verdict() == null ? "-" : compared.verdict());
  }

  /** The target's losses, which no verdict is about. */
  private String target() {
    StringBuilder text = new StringBuilder(System.lineSeparator());
    text.append(row(TARGET, "on the target", "bits/byte", "against", "difference", INTERVAL));
    for (EvaluatedMixture mixture : results.mixtures()) {
      if (mixture.target() != null) {
        mixture
            .target()
            .against()
            .forEach((baseline, found) -> text.append(onTarget(mixture, baseline, found)));
      }
    }
    return text.toString();
  }

  private static String onTarget(
      EvaluatedMixture mixture, String baseline, EvaluatedMixture.Difference found) {
    return row(
        TARGET,
        Findings.shortened(mixture.name(), TARGET_NAME),
        decimals(mixture.target().bitsPerByte()),
        baseline,
        signed(found.difference()),
        interval(found.low(), found.high()));
  }

  private String advice() {
    boolean same = recommendation.candidate().equals(recommendation.mixture());
    return "%s; %s was %s %s"
        .formatted(
            recommendation.mixture(),
            same ? "it" : recommendation.candidate(),
            recommendation.verdict().inWords(),
            recommendation.against());
  }

  private static String row(String format, Object... cells) {
    return String.format(Locale.ROOT, format, cells);
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String interval(Double low, Double high) {
    return low == null || high == null ? "-" : signed(low) + " to " + signed(high);
  }

  private static String signed(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%+.4f", value);
  }
}
