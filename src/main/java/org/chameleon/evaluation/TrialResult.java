package org.chameleon.evaluation;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a trial ended.
 *
 * @param mixture name of the mixture
 * @param seed number of the repetition, from 0
 * @param horizon its training budget, as a multiple of the small budget
 * @param learningRate factor of the learning rate
 * @param tokens that were trained on
 * @param flops floating-point operations of training
 * @param seconds of training and measuring
 * @param drawn tokens that were trained on, by domain
 * @param domains held-out losses, ordered by name; empty if it failed
 * @param target loss on the target's documents; null where there is none, or it failed
 * @param model SHA-256 of the trained weights, where they are kept; else null
 * @param error why it failed, null if it did not
 */
public record TrialResult(
    String mixture,
    int seed,
    int horizon,
    double learningRate,
    long tokens,
    double flops,
    double seconds,
    SortedMap<String, Long> drawn,
    List<DomainLoss> domains,
    DomainLoss target,
    String model,
    String error)
    implements Serializable {

  /** Copies the collections. */
  public TrialResult {
    drawn = Collections.unmodifiableSortedMap(new TreeMap<>(drawn));
    domains = List.copyOf(domains);
  }

  /** Returns what was to be done. */
  public Trial trial() {
    return new Trial(mixture, seed, horizon, learningRate);
  }

  /** Returns the mean over domains of their bits per byte: every domain counts the same. */
  public double mean() {
    return domains.stream().mapToDouble(DomainLoss::bitsPerByte).average().orElse(Double.NaN);
  }
}
