package org.chameleon.training;

import java.io.Serializable;
import java.util.List;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;

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
    List<Step> steps)
    implements Serializable {

  /**
   * One optimiser step.
   *
   * @param step its number, from 1
   * @param loss nats per token, before the step
   * @param learningRate as used
   * @param gradientNorm before clipping
   */
  public record Step(int step, double loss, double learningRate, double gradientNorm)
      implements Serializable {}

  /** Copies the list. */
  public TrainingLog {
    steps = List.copyOf(steps);
  }

  /**
   * Returns the log of a training.
   *
   * @param steps at least one, in their order
   */
  static TrainingLog of(
      ModelShape shape, long tokens, double unigramEntropy, String device, List<Step> steps) {
    List<ModelWeight> weights = shape.causalWeights();
    List<Step> tail = steps.subList(steps.size() - Math.max(1, steps.size() / 10), steps.size());
    return new TrainingLog(
        weights.stream().mapToLong(ModelWeight::count).sum(),
        tokens,
        tokens * flopsPerToken(shape),
        unigramEntropy,
        tail.stream().mapToDouble(Step::loss).average().orElseThrow(),
        device,
        steps);
  }

  /**
   * Returns the floating-point operations of training on a token: three times the forward pass, of
   * all layers and the output over the whole context.
   */
  public static double flopsPerToken(ModelShape shape) {
    double output = 2.0 * shape.vocabulary() * shape.width();
    return 3 * (shape.forwardFlops(shape.layers(), shape.context()) + output);
  }
}
