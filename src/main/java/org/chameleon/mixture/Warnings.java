package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.embedding.DomainEmbedding;

/** Cases in which the formula says little or misleads, or the windows are too few. */
final class Warnings {
  /** Score of a domain that lies at the centroid, as a part of the mean score. */
  private static final double CENTRAL = 0.01;

  /** Effective dimension below which scores are squared distances and no more. */
  private static final double STRONG = 0.1;

  /** Part of the largest effective dimension above which all scores are the same. */
  private static final double WEAK = 0.95;

  private static final double ROUNDING = 1e-12;

  private final Units units;
  private final List<String> names;
  private final DenseMatrix affinity;
  private final LeverageScores scores;
  private final Weights weights;
  private final MixtureConfig config;
  private final List<Warning> warnings = new ArrayList<>();

  Warnings(Solution solution, MixtureConfig config) {
    this.units = solution.units();
    this.names = units.names();
    this.affinity = solution.affinity();
    this.scores = solution.scores();
    this.weights = solution.ofUnits();
    this.config = config;
  }

  /** Returns all warnings. */
  List<Warning> all(SamplingNoise noise, Intervals intervals) {
    int k = names.size();
    if (k == 1) {
      add("ONE_DOMAIN", names, "One domain: its weight is 1 by definition.");
    } else if (k == 2) {
      add(
          "TWO_DOMAINS",
          names,
          "Two domains: the method gives each one half whatever the data. Split them further.");
    } else if (Affinity.trace(affinity) <= 0) {
      add(
          "IDENTICAL_DOMAINS",
          names,
          "All domains have the same embedding: the weights are uniform for want of any difference.");
    } else {
      central();
      nearDuplicates();
      strength();
      dominant();
      unresolved(noise);
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
  private void nearDuplicates() {
    for (List<Integer> family : Families.of(affinity)) {
      double now = family.stream().mapToDouble(i -> weights.values()[i]).sum();
      add(
          "NEAR_DUPLICATES",
          family.stream().map(names::get).toList(),
          format(
              "Nearly the same embedding: as %d domains they get %.1f %% together, as one they would get %.1f %%. Merge them, or set mixture.families = auto.",
              family.size(), 100 * now, 100 * asOne(family)));
    }
  }

  /** Returns the weight of domains that are one, with the mean of all their samples. */
  private double asOne(List<Integer> family) {
    List<double[]> means = new ArrayList<>();
    double[] merged = new double[units.means().get(0).length];
    double all = family.stream().mapToDouble(i -> units.all().get(i).samples()).sum();
    for (int i = 0; i < names.size(); i++) {
      Units.Unit unit = units.all().get(i);
      if (family.contains(i)) {
        double part = unit.samples() / all;
        Arrays.setAll(merged, j -> merged[j] + part * unit.mean()[j]);
      } else {
        means.add(unit.mean());
      }
    }
    means.add(merged);
    DenseMatrix fewer = Affinity.of(means);
    LeverageScores theirs = LeverageScores.of(fewer, config.lambda(fewer));
    double[] values = Weights.of(config.entering(theirs), config).values();
    return values[values.length - 1];
  }

  private void strength() {
    int width = units.means().get(0).length;
    int most = Math.min(names.size() - 1, width);
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
  private void unresolved(SamplingNoise noise) {
    int k = names.size();
    List<String> found =
        names(
            i ->
                IntStream.range(0, k)
                    .filter(j -> j != i)
                    .anyMatch(
                        j -> {
                          double both = noise.noise()[i] + noise.noise()[j];
                          return both > 0 && Affinity.squaredDistance(affinity, i, j) < 2 * both;
                        }));
    if (!found.isEmpty()) {
      add(
          "NOT_RESOLVED",
          found,
          "Nearer to another domain than the noise of their windows. "
              + "Raise sample.windows-per-domain, or give more embeddings where they come from elsewhere.");
    }
  }

  private void fewWindows(Intervals intervals) {
    List<DomainEmbedding> biased = new ArrayList<>();
    double windows = 0;
    for (Units.Unit unit : units.all()) {
      for (int i = 0; i < unit.members().size(); i++) {
        double times = intervals.missing(unit.members().get(i));
        if (times > 1) {
          biased.add(unit.domains().get(i));
          windows = Math.max(windows, times * unit.domains().get(i).samples());
        }
      }
    }
    if (!biased.isEmpty()) {
      add(
          "TOO_FEW_WINDOWS",
          biased.stream().map(DomainEmbedding::domain).sorted().toList(),
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
