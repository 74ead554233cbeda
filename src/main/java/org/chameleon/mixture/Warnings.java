package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.linalg.DenseMatrix;

/** Cases in which the formula says little or misleads. */
final class Warnings {
  /** Score of a domain that lies at the centroid, as a part of the mean score. */
  private static final double CENTRAL = 0.01;

  private Warnings() {}

  static List<Warning> of(
      List<String> names, DenseMatrix affinity, LeverageScores scores, Weights weights) {
    List<Warning> warnings = new ArrayList<>();
    int k = names.size();
    if (k == 1) {
      warnings.add(new Warning("ONE_DOMAIN", names, "One domain: its weight is 1 by definition."));
    } else if (k == 2) {
      warnings.add(
          new Warning(
              "TWO_DOMAINS",
              names,
              "Two domains: the method gives each one half whatever the data. Split them further."));
    } else {
      degenerate(names, affinity, scores, warnings);
      nearDuplicates(names, affinity, warnings);
    }
    if (weights.raised() && k > 2) {
      warnings.add(
          new Warning(
              "TEMPERATURE_RAISED",
              List.of(),
              String.format(
                  Locale.ROOT,
                  "The temperature was raised to %.4g so that no weight is more than"
                      + " mixture.max-ratio times another.",
                  weights.temperature())));
    }
    return warnings;
  }

  private static void degenerate(
      List<String> names, DenseMatrix affinity, LeverageScores scores, List<Warning> warnings) {
    if (Affinity.trace(affinity) <= 0) {
      warnings.add(
          new Warning(
              "IDENTICAL_DOMAINS",
              names,
              "All domains have the same embedding: the weights are uniform for want of any"
                  + " difference."));
      return;
    }
    double mean = scores.effectiveDimension() / names.size();
    List<String> central = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (scores.raw()[i] < CENTRAL * mean) {
        central.add(names.get(i));
      }
    }
    if (!central.isEmpty()) {
      warnings.add(
          new Warning(
              "CENTRAL_DOMAIN",
              central,
              "Nearly at the centre of all domains: its score is close to 0, so its inverse, and its"
                  + " pretraining weight, say little."));
    }
  }

  /** One warning for each family, whatever its size. */
  private static void nearDuplicates(
      List<String> names, DenseMatrix affinity, List<Warning> warnings) {
    for (List<Integer> family : Families.of(affinity)) {
      warnings.add(
          new Warning(
              "NEAR_DUPLICATES",
              family.stream().map(names::get).toList(),
              "Nearly the same embedding: splitting one domain in two raises what the family"
                  + " gets. Consider merging them."));
    }
  }
}
