package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.plan.Verdict;

/**
 * Made-up evaluations: proportional has 1.5 bits per byte, uniform 0.05 more, and every other
 * mixture what is asked for, with intervals of 0.01 to either side.
 */
public final class Evaluations {
  private static final double PROPORTIONAL = 1.5;
  private static final double UNIFORM = 1.55;
  private static final double HALF = 0.01;

  private final List<String> domains;
  private final Map<String, Double> means = new TreeMap<>();
  private final Map<String, SortedMap<String, Double>> weights = new TreeMap<>();
  private final List<String> order = new ArrayList<>();
  private boolean target;

  private Evaluations(List<String> domains) {
    this.domains = List.copyOf(domains);
    TreeMap<String, Double> equal = new TreeMap<>();
    domains.forEach(domain -> equal.put(domain, 1.0 / domains.size()));
    add(Candidate.UNIFORM, UNIFORM, equal);
    add(Candidate.PROPORTIONAL, PROPORTIONAL, rising(domains));
  }

  /** Returns an evaluation of the baselines alone: proportional is as 1, 2, 3 and so on. */
  public static Evaluations of(List<String> domains) {
    return new Evaluations(domains);
  }

  /** Returns an evaluation of k domains and n mixtures, with baselines: some better, some worse. */
  public static Findings many(int k, int n) {
    List<String> domains = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      domains.add("d" + i);
    }
    Evaluations evaluations = of(domains);
    for (int i = 2; i < n; i++) {
      String name = i == 2 ? Candidate.COMPUTED : "mixture-" + i;
      evaluations.with(name, 0.015 * (i - 4), rising(domains));
    }
    return evaluations.findings();
  }

  private static SortedMap<String, Double> rising(List<String> domains) {
    SortedMap<String, Double> weights = new TreeMap<>();
    double sum = domains.size() * (domains.size() + 1) / 2.0;
    for (int i = 0; i < domains.size(); i++) {
      weights.put(domains.get(i), (i + 1) / sum);
    }
    return weights;
  }

  /**
   * Adds a mixture.
   *
   * @param difference of its mean to that of proportional
   */
  public Evaluations with(String name, double difference, Map<String, Double> shares) {
    add(name, PROPORTIONAL + difference, shares);
    return this;
  }

  /** Adds a mixture whose only trial failed. */
  public Evaluations withFailed(String name) {
    add(name, Double.NaN, Map.of(domains.get(0), 1.0));
    return this;
  }

  private void add(String name, double mean, Map<String, Double> shares) {
    order.add(name);
    means.put(name, mean);
    weights.put(name, new TreeMap<>(shares));
  }

  /** Measures all on a target too, of 0.3 bits per byte less, and has a law fitted to it. */
  public Evaluations withTarget() {
    target = true;
    return this;
  }

  private EvaluatedMixture.Target target(String name) {
    if (!target) {
      return null;
    }
    SortedMap<String, EvaluatedMixture.Difference> against = new TreeMap<>();
    for (String baseline : List.of(Candidate.UNIFORM, Candidate.PROPORTIONAL)) {
      if (!name.equals(baseline)) {
        double difference = means.get(name) - means.get(baseline);
        against.put(
            baseline,
            new EvaluatedMixture.Difference(difference, difference - HALF, difference + HALF));
      }
    }
    double bits = means.get(name) - 0.3;
    return new EvaluatedMixture.Target(bits, 0.0042, Math.exp(2 * bits), against);
  }

  /** Returns what was found; the best that is better than proportional is recommended. */
  public Findings findings() {
    List<EvaluatedMixture> mixtures = order.stream().map(this::mixture).toList();
    Results results =
        new Results(
            Results.SCHEMA_VERSION,
            Results.METRIC,
            1_234_567,
            200_000,
            List.of(1, 4),
            5,
            new Results.HeldOutCounts(321, 4567, 3),
            order.stream().filter(name -> means.get(name).isNaN()).map(this::failure).toList(),
            mixtures,
            new TreeMap<>(),
            target ? new Results.TargetCounts(12, 345) : null,
            target ? new Results.LawQuality(52, Results.LawQuality.TARGET, 0.93, 0.0031) : null);
    return new Findings(results, recommendation());
  }

  private Recommendation recommendation() {
    String best = Candidate.PROPORTIONAL;
    SortedMap<String, Verdict> verdicts = new TreeMap<>();
    for (String name : order) {
      if (!name.equals(Candidate.PROPORTIONAL)) {
        verdicts.put(name, compared(name, Candidate.PROPORTIONAL).verdict());
        boolean better = verdicts.get(name) == Verdict.BETTER && means.get(name) < means.get(best);
        best = better ? name : best;
      }
    }
    String candidate = candidate();
    EvaluatedMixture.Comparison compared = compared(candidate, Candidate.PROPORTIONAL);
    return new Recommendation(
        Recommendation.SCHEMA_VERSION,
        best,
        weights.get(best),
        candidate,
        compared.verdict(),
        Candidate.PROPORTIONAL,
        compared.difference(),
        compared.low(),
        compared.high(),
        compared.reasons(),
        verdicts,
        new TreeMap<>(Map.of("mixture", "0".repeat(64))));
  }

  private String candidate() {
    return order.stream()
        .filter(name -> !name.equals(Candidate.PROPORTIONAL))
        .min((a, b) -> Double.compare(means.get(a), means.get(b)))
        .orElseThrow();
  }

  private TrialResult failure(String name) {
    return new TrialResult(
        name,
        0,
        1,
        1,
        0,
        0,
        0,
        new TreeMap<>(),
        List.of(),
        null,
        null,
        "The loss of step 7 is not finite.");
  }

  private EvaluatedMixture mixture(String name) {
    return means.get(name).isNaN() ? unmeasured(name) : measured(name);
  }

  private EvaluatedMixture unmeasured(String name) {
    SortedMap<String, EvaluatedMixture.Comparison> against = new TreeMap<>();
    for (String baseline : List.of(Candidate.UNIFORM, Candidate.PROPORTIONAL)) {
      against.put(baseline, compared(name, baseline));
    }
    return new EvaluatedMixture(
        name,
        weights.get(name),
        null,
        null,
        null,
        null,
        null,
        0,
        new TreeMap<>(),
        new TreeMap<>(),
        0,
        0,
        0,
        0,
        against,
        null);
  }

  private EvaluatedMixture measured(String name) {
    SortedMap<String, EvaluatedMixture.Comparison> against = new TreeMap<>();
    for (String baseline : List.of(Candidate.UNIFORM, Candidate.PROPORTIONAL)) {
      if (!name.equals(baseline)) {
        against.put(baseline, compared(name, baseline));
      }
    }
    SortedMap<String, Double> bits = new TreeMap<>();
    SortedMap<String, Double> perplexity = new TreeMap<>();
    for (int i = 0; i < domains.size(); i++) {
      double value = means.get(name) + 0.1 * (i - (domains.size() - 1) / 2.0);
      bits.put(domains.get(i), value);
      perplexity.put(domains.get(i), Math.exp(2 * value));
    }
    String worst = domains.get(domains.size() - 1);
    return new EvaluatedMixture(
        name,
        weights.get(name),
        means.get(name),
        means.get(name) - 0.02,
        bits.get(worst),
        worst,
        0.0042,
        name.equals(Candidate.UNIFORM) || name.equals(Candidate.PROPORTIONAL) ? 10 : 5,
        perplexity,
        bits,
        name.equals(Candidate.COMPUTED) ? 3e12 : 0,
        name.equals(Candidate.COMPUTED) ? 290 : 0,
        4.5e13,
        1234,
        against,
        target(name));
  }

  private EvaluatedMixture.Comparison compared(String name, String baseline) {
    double difference = means.get(name) - means.get(baseline);
    if (Double.isNaN(difference)) {
      return new EvaluatedMixture.Comparison(
          null,
          null,
          null,
          Verdict.NOT_SHOWN,
          List.of("No trial of it ended well."),
          Map.of(),
          Map.of());
    }
    double low = difference - HALF;
    double high = difference + HALF;
    Verdict verdict = high < 0 ? Verdict.BETTER : low > 0 ? Verdict.WORSE : Verdict.NOT_SHOWN;
    return new EvaluatedMixture.Comparison(
        difference,
        low,
        high,
        verdict,
        List.of(
            "The interval of the difference " + (low > 0 || high < 0 ? "excludes" : "has") + " 0."),
        Map.of("1", difference / 2, "4", difference),
        Map.of());
  }
}
