package org.chameleon.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What mixtures lose on the documents of a target, beside the baselines. */
final class TargetComparisons {
  private final List<Candidate> candidates;
  private final TrialTable trials;
  private final int horizon;

  /**
   * Creates comparisons.
   *
   * @param horizon of the trials that count
   */
  TargetComparisons(List<Candidate> candidates, TrialTable trials, int horizon) {
    this.candidates = candidates;
    this.trials = trials;
    this.horizon = horizon;
  }

  /** Returns them by the mixture's name; none of a mixture that was not measured on a target. */
  Map<String, EvaluatedMixture.Target> all() {
    Map<String, Map<String, EvaluatedMixture.Difference>> against = new HashMap<>();
    candidates.forEach(candidate -> against.put(candidate.name(), new TreeMap<>()));
    for (Candidate baseline : candidates.stream().filter(Candidate::isBaseline).toList()) {
      compare(baseline.name())
          .forEach((name, found) -> against.get(name).put(baseline.name(), found));
    }
    Map<String, EvaluatedMixture.Target> all = new HashMap<>();
    for (String name : measured()) {
      Sample bits = sample(name, trial -> trial.target().bitsPerByte());
      Sample nats = sample(name, trial -> trial.target().natsPerToken());
      all.put(
          name,
          new EvaluatedMixture.Target(
              bits.mean(),
              bits.size() < 2 ? null : (Double) bits.standardDeviation(),
              Math.exp(nats.mean()),
              new TreeMap<>(against.get(name))));
    }
    return all;
  }

  private List<String> measured() {
    return candidates.stream()
        .map(Candidate::name)
        .filter(name -> trials.of(name, horizon).stream().anyMatch(trial -> trial.target() != null))
        .toList();
  }

  private Sample sample(String name, ToDoubleFunction<TrialResult> number) {
    return Sample.of(trials.of(name, horizon).stream().mapToDouble(number).toArray());
  }

  /** All mixtures beside one baseline; their intervals are corrected for their number. */
  private Map<String, EvaluatedMixture.Difference> compare(String baseline) {
    List<String> others = measured().stream().filter(name -> !name.equals(baseline)).toList();
    Map<String, EvaluatedMixture.Difference> found = new HashMap<>();
    if (!measured().contains(baseline)) {
      return found;
    }
    List<Sample> differences =
        others.stream()
            .map(name -> new TrialTable.Setup(name, baseline, horizon, 1))
            .map(setup -> trials.difference(setup, trial -> trial.target().bitsPerByte()))
            .toList();
    List<HolmIntervals.Interval> intervals = HolmIntervals.of(differences);
    for (int i = 0; i < others.size(); i++) {
      Sample difference = differences.get(i);
      boolean hasInterval = difference.size() >= Rule.LEAST_SEEDS;
      if (difference.size() > 0) {
        found.put(
            others.get(i),
            new EvaluatedMixture.Difference(
                difference.mean(),
                hasInterval ? (Double) intervals.get(i).low() : null,
                hasInterval ? (Double) intervals.get(i).high() : null));
      }
    }
    return found;
  }
}
