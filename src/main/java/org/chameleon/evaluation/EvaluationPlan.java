package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What will be trained.
 *
 * @param candidates the mixtures, baselines first
 * @param sizes how long trials train
 * @param trials all of them
 */
public record EvaluationPlan(List<Candidate> candidates, TrialSizes sizes, List<Trial> trials) {
  /** Learning rate of the repetition that must not turn the sign. */
  private static final double LOW_RATE = 0.1;

  /** What is kept in the pool for each sequence that a trial reads: seeds read different ones. */
  private static final int SPARE = 4;

  /** Copies the lists. */
  public EvaluationPlan {
    candidates = List.copyOf(candidates);
    trials = List.copyOf(trials);
  }

  /** Returns the trials of mixtures: every seed at every horizon, the baselines twice as many. */
  public static EvaluationPlan of(
      List<Candidate> candidates, TrialSizes sizes, EvaluationConfig config) {
    List<Trial> trials = new ArrayList<>();
    for (Candidate candidate : candidates) {
      int seeds = candidate.isBaseline() ? 2 * config.seeds() : config.seeds();
      for (int horizon : config.horizons()) {
        for (int seed = 0; seed < seeds; seed++) {
          trials.add(new Trial(candidate.name(), seed, horizon, 1));
        }
      }
      for (int seed = 0; config.checkLearningRate() && seed < config.seeds(); seed++) {
        trials.add(new Trial(candidate.name(), seed, config.longest(), LOW_RATE));
      }
    }
    return new EvaluationPlan(candidates, sizes, trials);
  }

  /** Returns the shares of each mixture by domain. */
  public Map<String, SortedMap<String, Double>> weights() {
    return candidates.stream().collect(Collectors.toMap(Candidate::name, Candidate::weights));
  }

  /** Returns the training tokens of all trials. */
  public long tokens() {
    return trials.stream().mapToLong(trial -> tokens(trial.horizon())).sum();
  }

  /** Returns the training tokens of a trial. */
  public long tokens(int horizon) {
    return (long) sizes.sequences(horizon) * sizes.context();
  }

  private int longest() {
    return trials.stream().mapToInt(Trial::horizon).max().orElseThrow();
  }

  /** Returns the sequences of each domain that the pool should have. */
  public SortedMap<String, Long> pool() {
    SortedMap<String, Long> pool = new TreeMap<>();
    for (Candidate candidate : candidates) {
      candidate
          .weights()
          .forEach(
              (domain, weight) ->
                  pool.merge(
                      domain,
                      SPARE
                          * Math.min(sizes.wanted(weight, longest()), sizes.cut(domain, longest())),
                      Math::max));
    }
    return pool;
  }

  /**
   * How often a domain comes.
   *
   * @param trial in a trial at the longest horizon
   * @param planned in the planned training, null where that is not known
   */
  public record Epochs(double trial, Double planned) {}

  /**
   * Returns how often each domain comes under a mixture.
   *
   * @param sequences of each domain in the pool
   */
  public SortedMap<String, Epochs> epochs(Candidate candidate, Map<String, Long> sequences) {
    SortedMap<String, Epochs> epochs = new TreeMap<>();
    candidate
        .weights()
        .forEach(
            (domain, weight) -> {
              double wanted = weight * sizes.sequences(longest());
              double distinct = Math.min(sizes.cut(domain, longest()), sequences.get(domain));
              Double available = sizes.available().get(domain);
              epochs.put(
                  domain,
                  new Epochs(
                      wanted / distinct, available == null ? null : (Double) (weight / available)));
            });
    return epochs;
  }
}
