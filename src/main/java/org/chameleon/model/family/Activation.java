package org.chameleon.model.family;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The function between the matrices of a block's MLP. */
public enum Activation {
  /** {@code x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
  GELU_TANH(0, "gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_python_tanh"),
  /** {@code x/2 (1 + erf(x/√2))}. */
  GELU(1, "gelu, gelu_python"),
  /** {@code max(x, 0)}. */
  RELU(2, "relu"),
  /** {@code x / (1 + exp(-x))}. */
  SILU(3, "silu, swish");

  private final int number;
  private final String names;

  /** Names are those that {@code transformers} knows it by, the first of them for writing. */
  Activation(int number, String names) {
    this.number = number;
    this.names = names;
  }

  /** Returns the number by which programs know it. */
  public int number() {
    return number;
  }

  /** Returns its name in a {@code config.json} that is written here. */
  String savedName() {
    return names().get(0);
  }

  private List<String> names() {
    return List.of(names.split(", "));
  }

  /** Returns the function of a name, if some program has it. */
  static Optional<Activation> named(String name) {
    return Arrays.stream(values()).filter(one -> one.names().contains(name)).findFirst();
  }

  /** Returns the names of all, for messages. */
  static String known() {
    return Arrays.stream(values()).map(one -> one.names).collect(Collectors.joining(", "));
  }
}
