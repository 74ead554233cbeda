package org.chameleon.evaluation;

import java.util.List;
import java.util.Locale;
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
 * @param target documents of the target that were measured on too; null where none is given
 * @param regmix how well the law that one mixture minimises holds; null where none was fitted
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
    SortedMap<String, SortedMap<String, EvaluationPlan.Epochs>> epochs,
    TargetCounts target,
    LawQuality regmix) {
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

  /**
   * Documents of the target.
   *
   * @param documents that were read
   * @param windows that they were cut into
   */
  public record TargetCounts(long documents, long windows) {}

  /**
   * How well the law of small models' losses holds.
   *
   * @param models that it was fitted to
   * @param of whose loss is lowest at its minimum: {@code domains}, the mean, or {@code target}
   * @param rankCorrelation Spearman's, between losses and what laws fitted without them say; null
   *     where all losses are the same
   * @param residual root mean square of what these miss by, bits per byte
   */
  public record LawQuality(int models, String of, Double rankCorrelation, double residual) {
    /** The law is of the mean over domains. */
    public static final String DOMAINS = "domains";

    /** The law is of the target alone. */
    public static final String TARGET = "target";

    /** Returns it as a sentence. */
    public String inWords() {
      return String.format(
          Locale.ROOT,
          "regmix is where a law of the loss of %s, fitted to %d models, is lowest: on models that it was not fitted to, it misses by %.4f bits per byte, and ranks them with a correlation of %s%s.",
          of.equals(TARGET) ? "the target" : "each domain",
          models,
          residual,
          rankCorrelation == null ? "none" : String.format(Locale.ROOT, "%.2f", rankCorrelation),
          isGood() ? "" : ", too little to rely on: raise evaluation.regmix.models or tokens");
    }

    /** Returns whether its minimum says something. */
    boolean isGood() {
      return rankCorrelation != null && rankCorrelation >= RegMixLaws.GOOD;
    }
  }

  /** Copies the lists. */
  public Results {
    horizons = List.copyOf(horizons);
    trials = List.copyOf(trials);
    mixtures = List.copyOf(mixtures);
    epochs = epochs == null ? new TreeMap<>() : new TreeMap<>(epochs);
  }
}
