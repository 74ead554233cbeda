package org.chameleon.mixture;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.config.Range;
import org.chameleon.config.WordOrLists;

/**
 * How embeddings become weights.
 *
 * @param objective pretraining or finetuning
 * @param lambda regularisation λ of the leverage scores
 * @param lambdaMode whether λ is relative to trace(K)/k
 * @param temperature T of the softmax; unset: 5 for pretraining, 0.2 for finetuning
 * @param temperatureMode whether T is relative to the number of domains
 * @param normalizeScores whether scores are divided by their sum, as in the released code
 * @param maxRatio largest weight over smallest; T is raised where they would differ more
 * @param scoreFloor least score that is inverted for pretraining, as a part of the median: bounds
 *     what a domain near the centre of all can take; finetuning inverts nothing
 * @param families of domains that scores are computed for, in place of domains: {@code none},
 *     {@code auto} for those with nearly the same embedding, or their domains by name
 * @param withinFamilies how the weight of a family is shared out
 * @param debias whether the weights are those of the affinity without the noise of few windows
 * @param reuse weights, of any sum, of domains that keep their proportions among each other: they
 *     share what the others leave
 * @param otherProxies directories of runs over the same domains with other proxies, whose weights
 *     are compared
 */
public record MixtureConfig(
    Objective objective,
    @Range(min = 0, aboveMin = true) double lambda,
    Scale lambdaMode,
    @Range(min = 0, aboveMin = true) Optional<Double> temperature,
    Scale temperatureMode,
    boolean normalizeScores,
    @Range(min = 1, aboveMin = true) Optional<Double> maxRatio,
    @Range(min = 0, aboveMin = true, max = 1) Optional<Double> scoreFloor,
    WordOrLists families,
    WithinFamilies withinFamilies,
    boolean debias,
    Map<String, Double> reuse,
    List<String> otherProxies) {

  static final String NONE = "none";
  static final String AUTO = "auto";

  /** Refuses a word that is none, a family without domains, and weights that are none. */
  public MixtureConfig {
    otherProxies = List.copyOf(otherProxies);
    reuse = Collections.unmodifiableMap(new TreeMap<>(reuse));
    reuse.forEach(
        (domain, weight) -> {
          if (!(weight > 0) || weight.isInfinite()) {
            throw new IllegalArgumentException(
                "reuse.%s must be above 0, is %s".formatted(domain, weight));
          }
        });
    String word = families.word();
    if (families.lists().isEmpty() && !word.equals(NONE) && !word.equals(AUTO)) {
      throw new IllegalArgumentException(
          "families must be none, auto or { name = [domains] }, is '%s'".formatted(word));
    }
    families
        .lists()
        .forEach(
            (name, members) -> {
              if (members.isEmpty()) {
                throw new IllegalArgumentException(
                    "families.%s has no domains. Name some, or remove it.".formatted(name));
              }
            });
    if (!reuse.isEmpty() && !word.equals(NONE)) {
      throw new IllegalArgumentException(
          "reuse keeps proportions of domains, families are other domains. Remove reuse, or set families = none.");
    }
  }

  /** Returns these settings, with other weights that are kept among each other. */
  public MixtureConfig withReuse(Map<String, Double> weights) {
    return with(objective, lambda, temperature, weights);
  }

  /** Returns what these settings say of some domains alone; their weights are without a bias. */
  MixtureConfig among(Set<String> domains) {
    Map<String, List<String>> lists = new TreeMap<>();
    families
        .lists()
        .forEach((name, list) -> lists.put(name, list.stream().filter(domains::contains).toList()));
    lists.values().removeIf(List::isEmpty);
    Map<String, Double> kept = new TreeMap<>(reuse);
    kept.keySet().retainAll(domains);
    WordOrLists word = lists.isEmpty() ? WordOrLists.of(NONE) : new WordOrLists("", lists);
    return new MixtureConfig(
        objective,
        lambda,
        lambdaMode,
        temperature,
        temperatureMode,
        normalizeScores,
        maxRatio,
        scoreFloor,
        families.lists().isEmpty() ? families : word,
        withinFamilies,
        false,
        kept,
        otherProxies);
  }

  /** Returns these settings, with another λ. */
  MixtureConfig withLambda(double other) {
    return with(objective, other, temperature, reuse);
  }

  /** Returns these settings, with another T. */
  MixtureConfig withTemperature(Optional<Double> other) {
    return with(objective, lambda, other, reuse);
  }

  /** Returns these settings for another objective, with the paper's T for it. */
  MixtureConfig withObjective(Objective other) {
    return with(other, lambda, Optional.empty(), reuse);
  }

  private MixtureConfig with(
      Objective otherObjective,
      double otherLambda,
      Optional<Double> otherTemperature,
      Map<String, Double> otherReuse) {
    return new MixtureConfig(
        otherObjective,
        otherLambda,
        lambdaMode,
        otherTemperature,
        temperatureMode,
        normalizeScores,
        maxRatio,
        scoreFloor,
        families,
        withinFamilies,
        debias,
        otherReuse,
        otherProxies);
  }

  /** Returns T before any scaling: as configured, else the paper's. */
  double baseTemperature() {
    return temperature.orElse(objective.paperTemperature());
  }

  /** Returns T for a number of domains, before it is raised to keep the largest ratio. */
  double temperature(int domains) {
    return switch (temperatureMode) {
      case ABSOLUTE -> baseTemperature();
      case RELATIVE -> objective.relativeTemperature(baseTemperature(), domains);
    };
  }

  /** Returns λ for an affinity; a relative one is as it is where there is no trace. */
  double lambda(DenseMatrix affinity) {
    return lambda(Affinity.trace(affinity), affinity.numRows());
  }

  /**
   * Returns λ for an affinity of k units by its trace; a relative one is as it is where that is 0.
   */
  double lambda(double trace, int k) {
    double mean = trace / k;
    return switch (lambdaMode) {
      case ABSOLUTE -> lambda;
      case RELATIVE -> mean > 0 ? lambda * mean : lambda;
    };
  }

  /** Returns z of each score, where the weights are softmax(z / T). */
  double[] logits(double[] scores) {
    double least = leastInverted(scores);
    return Arrays.stream(scores).map(score -> objective.logit(Math.max(score, least))).toArray();
  }

  /** Returns the least score that is inverted, 0 where there is none. */
  double leastInverted(double[] scores) {
    return objective == Objective.PRETRAIN
        ? scoreFloor.map(floor -> floor * median(scores)).orElse(0.0)
        : 0;
  }

  private static double median(double[] scores) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** Returns the scores that enter the softmax. */
  double[] entering(LeverageScores scores) {
    return normalizeScores ? scores.normalized() : scores.raw();
  }
}
