package org.chameleon.evaluation;

import org.chameleon.model.family.ModelShape;
import org.chameleon.training.ProxyTrainer;
import org.chameleon.training.TrainingConfig;

/**
 * What trials are made with.
 *
 * @param shape of the models
 * @param config how mixtures are compared
 * @param training how models are trained, but for the number of steps
 * @param compute what to run with; its seed is the run's
 * @param gpusPerTask GPUs of a trial where Spark hands out some
 * @param modelConfig content of the models' {@code config.json}
 * @param tokenizer content of their {@code tokenizer.json}; empty for token ids without one
 * @param context tokens of a training sequence that are predicted
 * @param from checkpoint that trials start from, null: random weights
 */
public record EvaluationSetup(
    ModelShape shape,
    EvaluationConfig config,
    TrainingConfig training,
    ProxyTrainer.Compute compute,
    double gpusPerTask,
    String modelConfig,
    String tokenizer,
    int context,
    String from) {

  /** Returns the number of weights of a model. */
  public long parameters() {
    return shape.causalWeights().stream().mapToLong(weight -> weight.count()).sum();
  }
}
