package org.chameleon.evaluation;

import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.sequences.MixtureSequences;
import org.chameleon.sequences.PoolReader;

/**
 * How long trials train, and how much of each domain they read before it comes again.
 *
 * @param batch sequences of a step
 * @param context tokens of a sequence that are predicted
 * @param tokens training tokens of a trial at horizon 1
 * @param available tokens of a domain for each token of the planned training; a domain that is not
 *     named is never cut
 */
public record TrialSizes(int batch, int context, long tokens, SortedMap<String, Double> available)
    implements Serializable {

  /** Copies the map. */
  public TrialSizes {
    available = Collections.unmodifiableSortedMap(new TreeMap<>(available));
  }

  /** Returns the optimiser steps of a trial. */
  public int steps(int horizon) {
    double steps = (double) tokens * horizon / ((double) batch * context);
    return (int) Math.max(1, Math.min(Math.round(steps), Integer.MAX_VALUE / batch));
  }

  /** Returns the sequences of a trial. */
  public int sequences(int horizon) {
    return Math.multiplyExact(steps(horizon), batch);
  }

  /**
   * Returns how many sequences of a domain a trial reads before they come again, so that they come
   * as often as in the planned training.
   */
  public long cut(String domain, int horizon) {
    Double share = available.get(domain);
    return share == null
        ? Long.MAX_VALUE
        : Math.max(1, (long) Math.ceil(Math.min(share * sequences(horizon), 1e18)));
  }

  /**
   * Returns what a trial is trained on.
   *
   * @param weights of the mixture, by domain
   * @param seed of the run
   */
  MixtureSequences sequences(
      PoolReader pool, SortedMap<String, Double> weights, Trial trial, long seed) {
    Map<String, Long> most = new HashMap<>();
    weights.keySet().forEach(domain -> most.put(domain, cut(domain, trial.horizon())));
    String purpose = "trial " + trial.seed();
    return new MixtureSequences(pool, weights, sequences(trial.horizon()), most, seed, purpose);
  }

  /** Returns the tokens that so many sequences hold, by domain. */
  SortedMap<String, Long> tokens(SortedMap<String, Long> sequences) {
    SortedMap<String, Long> tokensByDomain = new TreeMap<>(sequences);
    tokensByDomain.replaceAll((domain, count) -> count * context);
    return tokensByDomain;
  }

  /** Returns how many sequences of a domain a trial takes, its share rounded up. */
  public long wanted(double weight, int horizon) {
    return (long) Math.ceil(weight * sequences(horizon));
  }
}
