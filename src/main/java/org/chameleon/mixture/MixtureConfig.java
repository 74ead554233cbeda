package org.chameleon.mixture;

import java.util.Arrays;
import java.util.Optional;
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
    boolean debias) {

  static final String NONE = "none";
  static final String AUTO = "auto";

  /** Refuses a word that is none, and a family without domains. */
  public MixtureConfig {
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
    double mean = Affinity.trace(affinity) / affinity.numRows();
    return switch (lambdaMode) {
      case ABSOLUTE -> lambda;
      case RELATIVE -> mean > 0 ? lambda * mean : lambda;
    };
  }

  /** Returns z of each score, where the weights are softmax(z / T). */
  double[] logits(double[] scores) {
    double least =
        objective == Objective.PRETRAIN
            ? scoreFloor.map(floor -> floor * median(scores)).orElse(0.0)
            : 0;
    return Arrays.stream(scores).map(score -> objective.logit(Math.max(score, least))).toArray();
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
