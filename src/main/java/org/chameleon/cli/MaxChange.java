package org.chameleon.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option {@code --max-change}: the largest change of a weight that is accepted. */
final class MaxChange {
  private MaxChange() {}

  static void require(Double value, CommandSpec spec) {
    if (value != null && !(value >= 0 && value <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--max-change must be from 0 to 1, is " + value + ".");
    }
  }
}
