package org.chameleon.model;

import org.chameleon.config.InvalidInputException;

/** The function between the two matrices of a block's MLP. */
public enum Activation {
  /** {@code x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
  GELU_TANH(0),
  /** {@code x/2 (1 + erf(x/√2))}. */
  GELU(1),
  /** {@code max(x, 0)}. */
  RELU(2);

  private final int number;

  Activation(int number) {
    this.number = number;
  }

  /** Returns the number by which programs know it. */
  public int number() {
    return number;
  }

  /**
   * Returns the function that {@code transformers} knows by a name.
   *
   * @throws InvalidInputException if no program has it
   */
  static Activation named(String name) {
    return switch (name) {
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
      case "gelu" -> GELU;
      case "relu" -> RELU;
      default ->
          throw new InvalidInputException(
              ("Cannot use this checkpoint: activation '%s' in config.json is not gelu_new,"
                      + " gelu_pytorch_tanh, gelu or relu.")
                  .formatted(name));
    };
  }
}
