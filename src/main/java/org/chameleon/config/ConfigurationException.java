package org.chameleon.config;

import java.util.List;

/** A configuration that cannot be used, with every problem found in it. */
public final class ConfigurationException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception from one line per problem, each with its place in the file. */
  public ConfigurationException(List<String> problems) {
    super(
        (problems.size() == 1
                ? "Cannot use the configuration: "
                : "Cannot use the configuration, " + problems.size() + " problems:\n  ")
            + String.join("\n  ", problems));
  }
}
