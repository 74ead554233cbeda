package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Compares mixtures by their trials. Trials that failed are left out; every number is of the
 * mixture's own trials, nothing is pooled over mixtures, since noise depends on the mixture.
 */
public final class Comparisons {
  private final List<Candidate> candidates;
  private final TrialTable trials;
  private final List<TrialResult> all;
  private final EvaluationConfig config;
  private final Map<String, EvaluatedMixture.Target> onTarget;

  private Comparisons(
      List<Candidate> candidates, List<TrialResult> trials, EvaluationConfig config) {
    this.candidates = candidates;
    this.trials = new TrialTable(trials);
    this.all = trials;
    this.config = config;
    this.onTarget = new TargetComparisons(candidates, this.trials, config.longest()).all();
  }

  /**
   * Returns what the trials of each mixture come to, in the order of the candidates, each held
   * against the baselines among them. A baseline is held against the other as any mixture is, and
   * counts among the comparisons that the intervals are corrected for: of those with one baseline,
   * one or more excludes 0 by chance in 5 of 100 evaluations at most.
   *
   * @param candidates mixtures, with the baselines
   * @param trials of them, in any order
   */
  public static List<EvaluatedMixture> of(
      List<Candidate> candidates, List<TrialResult> trials, EvaluationConfig config) {
    return new Comparisons(List.copyOf(candidates), List.copyOf(trials), config).evaluated();
  }

  private List<EvaluatedMixture> evaluated() {
    Map<String, SortedMap<String, EvaluatedMixture.Comparison>> against = new HashMap<>();
    candidates.forEach(candidate -> against.put(candidate.name(), new TreeMap<>()));
    for (Candidate baseline : candidates.stream().filter(Candidate::isBaseline).toList()) {
      compare(baseline).forEach((name, found) -> against.get(name).put(baseline.name(), found));
    }
    return candidates.stream()
        .map(candidate -> evaluated(candidate, against.get(candidate.name())))
        .toList();
  }

  private Map<String, EvaluatedMixture.Comparison> compare(Candidate baseline) {
    List<String> others =
        candidates.stream().map(Candidate::name).filter(n -> !n.equals(baseline.name())).toList();
    List<HolmIntervals.Interval> intervals =
        HolmIntervals.of(
            others.stream()
                .map(name -> difference(setup(name, baseline, config.longest())))
                .toList());
    Map<String, EvaluatedMixture.Comparison> found = new HashMap<>();
    for (int i = 0; i < others.size(); i++) {
      Gap gap = gap(others.get(i), baseline, intervals.get(i));
      found.put(others.get(i), comparison(gap));
    }
    return found;
  }

  private Gap gap(String name, Candidate baseline, HolmIntervals.Interval interval) {
    SortedMap<Integer, Sample> byHorizon = new TreeMap<>();
    for (int horizon : config.horizons()) {
      byHorizon.put(horizon, difference(setup(name, baseline, horizon)));
    }
    TrialTable.Setup longest = setup(name, baseline, config.longest());
    SortedMap<String, Double> byDomain = new TreeMap<>();
    SortedMap<String, Double> rises = new TreeMap<>();
    SortedMap<String, Double> losses = means(baseline.name(), DomainLoss::bitsPerByte);
    losses.forEach(
        (domain, loss) -> {
          Sample difference = trials.difference(longest, trial -> loss(trial, domain));
          if (difference.size() > 0) {
            byDomain.put(domain, difference.mean());
            rises.put(domain, difference.mean() / loss);
          }
        });
    return new Gap(
        baseline.name(),
        mean(baseline.name(), TrialResult::mean).mean(),
        byHorizon,
        interval,
        byDomain,
        rises,
        difference(
            new TrialTable.Setup(name, baseline.name(), config.longest(), TrialTable.TENTH)));
  }

  private EvaluatedMixture.Comparison comparison(Gap gap) {
    Rule.Judgement judgement = new Rule(config).judge(gap);
    boolean hasInterval = gap.byHorizon().get(gap.longest()).size() >= Rule.LEAST_SEEDS;
    Map<String, Double> byHorizon = new TreeMap<>();
    gap.byHorizon().forEach((horizon, sample) -> put(byHorizon, horizon.toString(), sample));
    return new EvaluatedMixture.Comparison(
        known(gap.difference()),
        hasInterval ? gap.interval().low() : null,
        hasInterval ? gap.interval().high() : null,
        judgement.verdict(),
        judgement.reasons(),
        byHorizon,
        gap.byDomain());
  }

  private static void put(Map<String, Double> means, String key, Sample sample) {
    if (sample.size() > 0) {
      means.put(key, sample.mean());
    }
  }

  private EvaluatedMixture evaluated(
      Candidate candidate, SortedMap<String, EvaluatedMixture.Comparison> against) {
    String name = candidate.name();
    Sample mean = mean(name, TrialResult::mean);
    SortedMap<String, Double> bits = means(name, DomainLoss::bitsPerByte);
    SortedMap<String, Double> perplexity = means(name, DomainLoss::natsPerToken);
    perplexity.replaceAll((domain, nats) -> Math.exp(nats));
    List<TrialResult> own = all.stream().filter(trial -> trial.mixture().equals(name)).toList();
    return new EvaluatedMixture(
        name,
        candidate.weights(),
        known(mean.mean()),
        known(mean(name, Comparisons::tokenWeighted).mean()),
        known(mean(name, Comparisons::worst).mean()),
        bits.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(null),
        known(mean.standardDeviation()),
        mean.size(),
        perplexity,
        bits,
        candidate.findingFlops(),
        candidate.findingSeconds(),
        own.stream().mapToDouble(TrialResult::flops).sum(),
        own.stream().mapToDouble(TrialResult::seconds).sum(),
        against,
        onTarget.get(name));
  }

  private Sample difference(TrialTable.Setup setup) {
    return trials.difference(setup, TrialResult::mean);
  }

  private static TrialTable.Setup setup(String name, Candidate baseline, int horizon) {
    return new TrialTable.Setup(name, baseline.name(), horizon, 1);
  }

  /** Returns a number of the trials of a mixture at the longest horizon. */
  private Sample mean(String name, ToDoubleFunction<TrialResult> number) {
    return Sample.of(trials.of(name, config.longest()).stream().mapToDouble(number).toArray());
  }

  /** Returns a number of each domain, mean over the trials at the longest horizon. */
  private SortedMap<String, Double> means(String name, ToDoubleFunction<DomainLoss> number) {
    SortedMap<String, List<Double>> byDomain = new TreeMap<>();
    for (TrialResult trial : trials.of(name, config.longest())) {
      for (DomainLoss loss : trial.domains()) {
        byDomain
            .computeIfAbsent(loss.name(), domain -> new ArrayList<>())
            .add(number.applyAsDouble(loss));
      }
    }
    SortedMap<String, Double> means = new TreeMap<>();
    byDomain.forEach((domain, values) -> means.put(domain, Sample.of(values).mean()));
    return means;
  }

  private static double loss(TrialResult trial, String domain) {
    return trial.domains().stream()
        .filter(loss -> loss.name().equals(domain))
        .mapToDouble(DomainLoss::bitsPerByte)
        .findFirst()
        .orElseThrow();
  }

  private static double tokenWeighted(TrialResult trial) {
    double nats = trial.domains().stream().mapToDouble(DomainLoss::nats).sum();
    return nats / Math.log(2) / trial.domains().stream().mapToLong(DomainLoss::bytes).sum();
  }

  private static double worst(TrialResult trial) {
    return trial.domains().stream()
        .max(Comparator.comparingDouble(DomainLoss::bitsPerByte))
        .orElseThrow()
        .bitsPerByte();
  }

  private static Double known(double number) {
    return Double.isNaN(number) ? null : (Double) number;
  }
}
