package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Cases in which the formula says little or misleads, or the windows are too few. */
final class Warnings {
  /** Score of a domain that lies at the centroid, as a part of the mean score. */
  private static final double CENTRAL = 0.01;

  /** Effective dimension below which scores are squared distances and no more. */
  private static final double STRONG = 0.1;

  /** Part of the largest effective dimension above which all scores are the same. */
  private static final double WEAK = 0.95;

  private static final double ROUNDING = 1e-12;

  /** Families that are named one by one. */
  private static final int MOST_FAMILIES = 20;

  private final Solved solved;
  private final List<String> names;
  private final LeverageScores scores;
  private final Weights weights;
  private final MixtureConfig config;
  private final List<Warning> warnings = new ArrayList<>();

  Warnings(Solved solved, MixtureConfig config) {
    this.solved = solved;
    this.names = solved.units();
    this.scores = solved.scores();
    this.weights = solved.ofUnits();
    this.config = config;
  }

  /**
   * Returns all warnings.
   *
   * @param nearness of the units; null where it is not known
   */
  List<Warning> all(SamplingNoise noise, Intervals intervals, Nearness nearness) {
    int k = names.size();
    if (k == 1) {
      add("ONE_DOMAIN", names, "One domain: its weight is 1 by definition.");
    } else if (k == 2) {
      add(
          "TWO_DOMAINS",
          names,
          "Two domains: the method gives each one half whatever the data. Split them further.");
    } else if (solved.trace() <= 0) {
      add(
          "IDENTICAL_DOMAINS",
          names,
          "All domains have the same embedding: the weights are uniform for want of any difference.");
    } else {
      central();
      if (nearness != null) {
        nearDuplicates(nearness);
      }
      strength();
      dominant();
      if (nearness != null) {
        unresolved(noise, nearness);
      }
      fewWindows(intervals);
    }
    if (weights.raised() && k > 2) {
      add(
          "TEMPERATURE_RAISED",
          List.of(),
          format(
              "The temperature was raised to %.4g so that no weight is more than mixture.max-ratio times another.",
              weights.temperature()));
    }
    return warnings;
  }

  private void central() {
    double mean = scores.effectiveDimension() / names.size();
    double[] entering = config.entering(scores);
    double[] z = config.logits(entering);
    IntPredicate central =
        i ->
            scores.raw()[i] < CENTRAL * mean
                || (config.objective() == Objective.PRETRAIN
                    && z[i] < config.objective().logit(entering[i]) * (1 - ROUNDING));
    List<String> found = names(central);
    if (found.isEmpty()) {
      return;
    }
    double[] others =
        IntStream.range(0, names.size())
            .filter(central.negate())
            .mapToDouble(i -> weights.values()[i])
            .sorted()
            .toArray();
    String left =
        others.length == 0
            ? ""
            : format(
                " The other weights are within %.3g times of one another.",
                others[others.length - 1] / others[0]);
    String what =
        "Nearly at the centre of all domains: the score is close to 0, so its inverse, and the pretraining weight, say little";
    add(
        "CENTRAL_DOMAIN",
        found,
        config.scoreFloor().isPresent() && config.objective() == Objective.PRETRAIN
            ? format(
                "%s. It was inverted as if %s of the median (mixture.score-floor).%s",
                what, config.scoreFloor().get(), left)
            : what + "." + left);
  }

  /** One warning for each family, whatever its size. */
  private void nearDuplicates(Nearness nearness) {
    List<List<Integer>> families = nearness.families();
    for (List<Integer> family : families.subList(0, Math.min(MOST_FAMILIES, families.size()))) {
      double now = family.stream().mapToDouble(i -> weights.values()[i]).sum();
      OptionalDouble asOne = nearness.asOne(family);
      add(
          "NEAR_DUPLICATES",
          family.stream().map(names::get).toList(),
          format(
              "Nearly the same embedding: as %d domains they get %s together%s. Merge them, or set mixture.families = auto.",
              family.size(),
              percent(now),
              asOne.isPresent() ? ", as one they would get " + percent(asOne.getAsDouble()) : ""));
    }
    if (families.size() > MOST_FAMILIES) {
      add(
          "NEAR_DUPLICATES",
          List.of(),
          format(
              "So are %,d more groups of domains. Merge them, or set mixture.families = auto.",
              families.size() - MOST_FAMILIES));
    }
  }

  private static String percent(double share) {
    return format("%.1f %%", 100 * share);
  }

  private void strength() {
    int most = Math.min(names.size() - 1, solved.width());
    double dimension = scores.effectiveDimension();
    if (dimension < STRONG) {
      add(
          "LAMBDA_TOO_STRONG",
          List.of(),
          format(
              "λ is so strong for these embeddings (effective dimension %.2g) that scores are squared distances from the centre and nothing else. Lower mixture.lambda.",
              dimension));
    } else if (dimension > WEAK * most) {
      add(
          "LAMBDA_TOO_WEAK",
          List.of(),
          format(
              "λ is so weak for these embeddings (effective dimension %.3g of at most %d) that all scores are nearly the same. Raise mixture.lambda.",
              dimension, most));
    }
  }

  private void dominant() {
    List<String> above = names(i -> weights.values()[i] > 0.5);
    if (!above.isEmpty()) {
      add(
          "DOMINANT_DOMAIN",
          above,
          "More than half of all tokens. Set mixture.max-ratio, or plan.ceiling.");
    }
  }

  /** Where the noise of two means is as large as what remains of their distance without it. */
  private void unresolved(SamplingNoise noise, Nearness nearness) {
    List<String> found = names(i -> nearness.isUnresolved(i, noise.noise()));
    if (!found.isEmpty()) {
      add(
          "NOT_RESOLVED",
          found,
          "Nearer to another domain than the noise of their windows. "
              + "Raise sample.windows-per-domain, or give more embeddings where they come from elsewhere.");
    }
  }

  private void fewWindows(Intervals intervals) {
    List<String> biased = new ArrayList<>();
    double windows = 0;
    for (int i = 0; i < solved.names().size(); i++) {
      double times = intervals.missing(i);
      if (times > 1) {
        biased.add(solved.names().get(i));
        windows = Math.max(windows, times * solved.samples()[i]);
      }
    }
    if (!biased.isEmpty()) {
      add(
          "TOO_FEW_WINDOWS",
          biased,
          format(
              "The weight lies outside its interval: the noise of few windows biases it. About %,.0f windows a domain would do (sample.windows-per-domain, or as many embeddings from elsewhere), or set mixture.debias = true.",
              Math.ceil(windows)));
    }
  }

  /** Returns a warning if domains have fewer samples than were asked for. */
  static List<Warning> fewerSamples(List<Mixture.Domain> domains, int asked) {
    List<Mixture.Domain> fewer = domains.stream().filter(d -> d.samples() < asked).toList();
    if (fewer.isEmpty()) {
      return List.of();
    }
    long least = fewer.stream().mapToLong(Mixture.Domain::samples).min().orElseThrow();
    return List.of(
        new Warning(
            "FEWER_SAMPLES",
            fewer.stream().map(Mixture.Domain::name).toList(),
            format(
                "Fewer distinct windows than the %,d that were asked for; the least has %,d. Lower sample.window-tokens, or add data.",
                asked, least)));
  }

  private List<String> names(IntPredicate such) {
    return IntStream.range(0, names.size()).filter(such).mapToObj(names::get).toList();
  }

  private void add(String code, List<String> domains, String message) {
    warnings.add(new Warning(code, domains, message));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
