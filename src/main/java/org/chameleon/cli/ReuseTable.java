package org.chameleon.cli;

import java.util.Locale;
import org.chameleon.mixture.Mixture;

/** Weights of which some keep the proportions of before, beside those that none would keep. */
final class ReuseTable {
  private ReuseTable() {}

  /** Returns nothing where no proportions are kept. */
  static String text(Mixture mixture) {
    StringBuilder text = new StringBuilder();
    for (int i : mixture.shown(MixtureTable.MOST_ROWS)) {
      Mixture.Domain domain = mixture.domains().get(i);
      if (domain.exactWeight() != null) {
        text.append(
            String.format(
                Locale.ROOT,
                "%-24s %9s %9s %9s%n",
                MixtureTable.shortened(domain.name()),
                domain.reused() == null ? "computed" : "kept",
                MixtureTable.percent(domain.weight()),
                MixtureTable.percent(domain.exactWeight())));
      }
    }
    return text.isEmpty()
        ? ""
        : String.format("%n%-24s %9s %9s %9s%n", "proportions kept", "", "weight", "if none")
            + text;
  }
}
