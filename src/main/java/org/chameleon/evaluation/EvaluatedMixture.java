package org.chameleon.evaluation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.plan.Verdict;

/**
 * What the trials of a mixture come to, at the longest horizon; losses in bits per byte, less is
 * better.
 *
 * @param name of the mixture
 * @param weights shares of training tokens by domain
 * @param mean over seeds of the mean over domains; NaN is null
 * @param tokenWeightedMean over seeds of all nats over all bytes
 * @param worst over seeds of the worst domain
 * @param worstDomain the domain that is worst on average
 * @param standardDeviation of the mean over domains, over seeds; of this mixture alone
 * @param seeds trials that ended well
 * @param perplexity by domain, geometric mean over seeds
 * @param bitsPerByte by domain, mean over seeds
 * @param findingFlops floating-point operations of finding it
 * @param findingSeconds seconds of finding it
 * @param checkingFlops floating-point operations of its trials
 * @param checkingSeconds seconds of its trials together
 * @param against comparison with each baseline, by its name; not with itself
 * @param target what its models lose on the target's documents; null where none is given
 */
public record EvaluatedMixture(
    String name,
    SortedMap<String, Double> weights,
    Double mean,
    Double tokenWeightedMean,
    Double worst,
    String worstDomain,
    Double standardDeviation,
    int seeds,
    SortedMap<String, Double> perplexity,
    SortedMap<String, Double> bitsPerByte,
    double findingFlops,
    double findingSeconds,
    double checkingFlops,
    double checkingSeconds,
    SortedMap<String, Comparison> against,
    Target target) {

  /** Copies the maps. */
  public EvaluatedMixture {
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    perplexity = Collections.unmodifiableSortedMap(new TreeMap<>(perplexity));
    bitsPerByte = Collections.unmodifiableSortedMap(new TreeMap<>(bitsPerByte));
    against = Collections.unmodifiableSortedMap(new TreeMap<>(against));
  }

  /**
   * Losses on the target's documents at the longest horizon.
   *
   * @param bitsPerByte mean over seeds
   * @param standardDeviation over seeds
   * @param perplexity geometric mean over seeds
   * @param against differences to each baseline, by its name; not to itself
   */
  public record Target(
      double bitsPerByte,
      Double standardDeviation,
      double perplexity,
      SortedMap<String, Difference> against) {
    /** Copies the map. */
    public Target {
      against = Collections.unmodifiableSortedMap(new TreeMap<>(against));
    }
  }

  /**
   * A difference to a baseline, paired by seed, in bits per byte; negative is better.
   *
   * @param difference mean over seeds
   * @param low lower end of its interval, corrected for the number of candidates; null where there
   *     are too few seeds
   * @param high upper end
   */
  public record Difference(double difference, Double low, Double high) {}

  /**
   * A mixture beside a baseline: differences of the mean over domains, paired by seed, in bits per
   * byte; negative is better than the baseline.
   *
   * @param difference mean over seeds, at the longest horizon
   * @param low lower end of its interval, corrected for the number of candidates
   * @param high upper end
   * @param verdict in one word
   * @param reasons sentences that led to it
   * @param byHorizon mean difference at each horizon
   * @param byDomain mean difference of each domain at the longest horizon
   */
  public record Comparison(
      Double difference,
      Double low,
      Double high,
      Verdict verdict,
      List<String> reasons,
      Map<String, Double> byHorizon,
      Map<String, Double> byDomain) {
    /** Copies the collections. */
    public Comparison {
      reasons = List.copyOf(reasons);
      byHorizon = Collections.unmodifiableMap(new TreeMap<>(byHorizon));
      byDomain = Collections.unmodifiableMap(new TreeMap<>(byDomain));
    }
  }
}
