package org.chameleon.training;

import java.util.List;

/**
 * The content of {@code training.json}.
 *
 * @param parameters weights of the model
 * @param tokens tokens that were trained on
 * @param flops floating-point operations of training, forward and backward
 * @param unigramEntropy entropy of the targets' frequencies, nats: the loss of a model without
 *     context
 * @param finalLoss mean loss of the last tenth of the steps, nats per token
 * @param device what it was trained on, and the number format
 * @param steps one entry per step
 */
public record TrainingLog(
    long parameters,
    long tokens,
    double flops,
    double unigramEntropy,
    double finalLoss,
    String device,
    List<Step> steps) {

  /**
   * One optimiser step.
   *
   * @param step its number, from 1
   * @param loss nats per token, before the step
   * @param learningRate as used
   * @param gradientNorm before clipping
   */
  public record Step(int step, double loss, double learningRate, double gradientNorm) {}

  /** Copies the list. */
  public TrainingLog {
    steps = List.copyOf(steps);
  }
}
