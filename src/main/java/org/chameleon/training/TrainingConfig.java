package org.chameleon.training;

import java.io.Serializable;
import org.chameleon.config.Range;
import org.chameleon.model.Precision;

/**
 * How the proxy is trained: AdamW, linear warm-up, then a cosine down to a tenth.
 *
 * @param steps optimiser steps
 * @param batch sequences of a step
 * @param learningRate the highest
 * @param warmupSteps steps until it is reached
 * @param weightDecay of matrices
 * @param clipNorm largest norm of all gradients together
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param precision number format of the matrix products
 * @param tokenizerDocuments documents of each domain that the tokenizer is trained on
 */
public record TrainingConfig(
    @Range(min = 1, max = 100_000_000) int steps,
    @Range(min = 1, max = 100_000) int batch,
    @Range(min = 0, aboveMin = true, max = 10) double learningRate,
    @Range(min = 0, max = 100_000_000) int warmupSteps,
    @Range(min = 0, max = 10) double weightDecay,
    @Range(min = 0, aboveMin = true) double clipNorm,
    @Range(min = 0, max = 0.999999) double beta1,
    @Range(min = 0, max = 0.999999) double beta2,
    Precision precision,
    @Range(min = 1, max = 10_000_000) int tokenizerDocuments)
    implements Serializable {

  /** Refuses more sequences than are numbered. */
  public TrainingConfig {
    if ((long) steps * batch > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "steps times batch must be below 2^31 sequences, is %,d".formatted((long) steps * batch));
    }
  }

  /**
   * Returns the same for another number of steps, a whole schedule of its own; the warm-up is at
   * most a tenth of it.
   *
   * @param factor of the learning rate
   */
  public TrainingConfig over(int newSteps, double factor) {
    return new TrainingConfig(
        newSteps,
        batch,
        learningRate * factor,
        Math.min(warmupSteps, newSteps / 10),
        weightDecay,
        clipNorm,
        beta1,
        beta2,
        precision,
        tokenizerDocuments);
  }

  /** Returns the same with other steps to take, of which there may have to be fewer. */
  public TrainingConfig with(int newBatch, double newLearningRate) {
    return new TrainingConfig(
        Math.min(steps, Integer.MAX_VALUE / newBatch),
        newBatch,
        newLearningRate,
        warmupSteps,
        weightDecay,
        clipNorm,
        beta1,
        beta2,
        precision,
        tokenizerDocuments);
  }

  /** Returns the learning rate of a step, the first being 1. */
  double rate(int step) {
    if (step < warmupSteps) {
      return learningRate * step / warmupSteps;
    }
    double done = (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
    return learningRate * (0.1 + 0.45 * (1 + Math.cos(Math.PI * done)));
  }
}
