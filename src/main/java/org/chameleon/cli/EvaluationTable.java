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
  private static final int NAME = 24;
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
    text.append(row(DIFFERENCES, "mixture", "against", "difference", "95 % interval", "verdict"));
    for (EvaluatedMixture mixture : results.mixtures()) {
      mixture
          .against()
          .forEach((baseline, compared) -> text.append(line(mixture, baseline, compared)));
    }
    text.append(System.lineSeparator());
    text.append(WrappedText.of("recommended:", advice()));
    recommendation.reasons().forEach(reason -> text.append(WrappedText.of(" ", "- " + reason)));
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
        compared.low() == null || compared.high() == null
            ? "-"
            : signed(compared.low()) + " to " + signed(compared.high()),
        compared.verdict() == null ? "-" : compared.verdict());
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

  private static String signed(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%+.4f", value);
  }
}
