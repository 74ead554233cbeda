package org.chameleon.evaluation;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of {@code evaluation/results.json}.
 *
 * @param schemaVersion version of this layout
 * @param metric {@code bitsPerByte}
 * @param parameters weights of each model
 * @param tokens the small budget: training tokens at horizon 1
 * @param horizons training budgets, as multiples of the small budget
 * @param seeds repetitions of each mixture; the baselines have twice as many
 * @param heldOut what was measured on
 * @param trials all that were trained
 * @param mixtures what they come to
 * @param epochs by mixture and domain, how often a domain comes in a trial at the longest horizon,
 *     and in the planned training
 */
public record Results(
    int schemaVersion,
    String metric,
    long parameters,
    long tokens,
    List<Integer> horizons,
    int seeds,
    HeldOutCounts heldOut,
    List<TrialResult> trials,
    List<EvaluatedMixture> mixtures,
    SortedMap<String, SortedMap<String, EvaluationPlan.Epochs>> epochs) {
  /** The version of the layout that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** What differences are in. */
  public static final String METRIC = "bitsPerByte";

  /**
   * What was measured on.
   *
   * @param documents held-out documents
   * @param windows windows that they were cut into
   * @param duplicatesDropped documents that were left out of training because one held out is the
   *     same
   */
  public record HeldOutCounts(long documents, long windows, long duplicatesDropped) {}

  /** Copies the lists. */
  public Results {
    horizons = List.copyOf(horizons);
    trials = List.copyOf(trials);
    mixtures = List.copyOf(mixtures);
    epochs = epochs == null ? new TreeMap<>() : new TreeMap<>(epochs);
  }
}
