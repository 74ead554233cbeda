package org.chameleon.mixture;

import java.util.Optional;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.config.Range;

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
 */
public record MixtureConfig(
    Objective objective,
    @Range(min = 0, aboveMin = true) double lambda,
    Scale lambdaMode,
    @Range(min = 0, aboveMin = true) Optional<Double> temperature,
    Scale temperatureMode,
    boolean normalizeScores,
    @Range(min = 1, aboveMin = true) Optional<Double> maxRatio) {

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

  /** Returns the scores that enter the softmax. */
  double[] entering(LeverageScores scores) {
    return normalizeScores ? scores.normalized() : scores.raw();
  }
}
