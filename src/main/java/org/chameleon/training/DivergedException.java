package org.chameleon.training;

import org.chameleon.config.InvalidInputException;

/** The loss of a model that is trained, or its gradients, are not finite any more. */
public final class DivergedException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with the step, from 1, and its loss. */
  public DivergedException(int step, double loss) {
    super(
        "Cannot train the model: the loss at step %d is %s. Lower training.learning-rate."
            .formatted(step, loss));
  }
}
