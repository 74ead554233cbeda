package org.chameleon.mixture;

import java.util.Optional;
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
}
