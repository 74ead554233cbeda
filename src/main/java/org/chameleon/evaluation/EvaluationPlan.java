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
 * @param trials of the candidates
 * @param swarm what is trained before to find one of them
 */
public record EvaluationPlan(
    List<Candidate> candidates, TrialSizes sizes, List<Trial> trials, Swarm swarm) {
  /** What is kept in the pool for each sequence that a trial reads: seeds read different ones. */
  private static final int SPARE = 4;

  /** Copies the lists. */
  public EvaluationPlan {
    candidates = List.copyOf(candidates);
    trials = List.copyOf(trials);
  }

  /** Returns the trials of mixtures: every seed at every horizon, the baselines twice as many. */
  static EvaluationPlan of(
      List<Candidate> candidates, TrialSizes sizes, Swarm swarm, EvaluationConfig config) {
    List<Trial> trials = new ArrayList<>();
    for (Candidate candidate : candidates) {
      int seeds = candidate.isBaseline() ? 2 * config.seeds() : config.seeds();
      for (int horizon : config.horizons()) {
        for (int seed = 0; seed < seeds; seed++) {
          trials.add(new Trial(candidate.name(), seed, horizon, 1));
        }
      }
      for (int seed = 0; config.checkLearningRate() && seed < config.seeds(); seed++) {
        trials.add(new Trial(candidate.name(), seed, config.longest(), TrialTable.TENTH));
      }
    }
    return new EvaluationPlan(candidates, sizes, trials, swarm);
  }

  /** Returns this plan with another mixture in place of the candidate of its name. */
  EvaluationPlan with(Candidate found) {
    return new EvaluationPlan(
        candidates.stream().map(c -> c.name().equals(found.name()) ? found : c).toList(),
        sizes,
        trials,
        swarm);
  }

  /** Returns the number of all trials. */
  public int count() {
    return trials.size() + swarmCount();
  }

  /** Returns the number of trials of the swarm. */
  public int swarmCount() {
    return swarm.mixtures().size();
  }

  /** Returns the training tokens of each trial of the swarm. */
  public long swarmTokens() {
    return (long) swarm.sizes().sequences(1) * sizes.context();
  }

  /** Returns the shares of each mixture by domain. */
  public Map<String, SortedMap<String, Double>> weights() {
    return candidates.stream().collect(Collectors.toMap(Candidate::name, Candidate::weights));
  }

  /** Returns the training tokens of all trials. */
  public long tokens() {
    long ofCandidates = trials.stream().mapToLong(trial -> tokens(trial.horizon())).sum();
    return ofCandidates + swarmCount() * swarmTokens();
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
    candidates.forEach(candidate -> add(candidate, sizes, longest(), pool));
    swarm.mixtures().forEach(candidate -> add(candidate, swarm.sizes(), 1, pool));
    return pool;
  }

  private static void add(
      Candidate candidate, TrialSizes sizes, int horizon, SortedMap<String, Long> pool) {
    candidate
        .weights()
        .forEach(
            (domain, weight) ->
                pool.merge(
                    domain,
                    SPARE * Math.min(sizes.wanted(weight, horizon), sizes.cut(domain, horizon)),
                    Math::max));
  }

  /**
   * How often a domain comes.
   *
   * @param trial in a trial at the longest horizon
   * @param planned in the planned training, null where that is not known
   */
  public record Epochs(double trial, Double planned) {
    /** Sizes of domains are estimates: there may be a little less data than was planned with. */
    private static final double ROUNDING = 1.25;

    /** Returns whether it comes no more often than in the planned training. */
    boolean asPlanned() {
      return planned != null && trial <= ROUNDING * planned;
    }
  }

  /** Returns how often each domain comes under each mixture, by its name. */
  SortedMap<String, SortedMap<String, Epochs>> epochs(Map<String, Long> sequences) {
    SortedMap<String, SortedMap<String, Epochs>> all = new TreeMap<>();
    candidates.forEach(candidate -> all.put(candidate.name(), epochs(candidate, sequences)));
    return all;
  }

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
