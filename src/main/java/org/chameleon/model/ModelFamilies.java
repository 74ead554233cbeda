package org.chameleon.model;

import java.util.List;
import org.chameleon.config.InvalidInputException;

/** The families that have a program. A new one is a class, a program, and a line here. */
public final class ModelFamilies {
  private static final List<ModelFamily> ALL = List.of(new Gpt2Family());

  private ModelFamilies() {}

  /**
   * Returns the family of a {@code config.json}.
   *
   * @throws InvalidInputException if it has no program
   */
  static ModelFamily of(ModelConfig config) {
    return ALL.stream()
        .filter(family -> family.modelType().equals(config.modelType()))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Cannot use this checkpoint: model_type '%s' has no program. Known: %s."
                        .formatted(
                            config.modelType(),
                            ALL.stream().map(ModelFamily::modelType).toList())));
  }

  /** Returns all families. */
  public static List<ModelFamily> all() {
    return ALL;
  }
}
