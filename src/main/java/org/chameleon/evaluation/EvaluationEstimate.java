package org.chameleon.evaluation;

import java.util.Map;
import java.util.TreeMap;

/**
 * What an evaluation takes.
 *
 * @param plan what will be trained
 * @param parameters weights of a model
 * @param flops floating-point operations of training and measuring
 * @param heldOutTokens tokens that each trial is measured on, at most
 * @param speed of training, as measured
 */
public record EvaluationEstimate(
    EvaluationPlan plan, long parameters, double flops, long heldOutTokens, TrialSpeed speed) {
  /** A forward pass without the backward one. */
  static final double MEASURING = 1.0 / 3;

  /** Returns the seconds it takes. */
  public double seconds() {
    double measured = MEASURING * heldOutTokens * plan.count();
    return (plan.tokens() + measured) / speed.tokensPerSecond();
  }

  /** Returns the number of trials by their horizon. */
  public Map<Integer, Long> byHorizon() {
    Map<Integer, Long> trials = new TreeMap<>();
    plan.trials().forEach(trial -> trials.merge(trial.horizon(), 1L, Long::sum));
    return trials;
  }
}
