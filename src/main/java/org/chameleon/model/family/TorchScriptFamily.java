package org.chameleon.model.family;

import java.util.List;

/**
 * What stands in for a family where a TorchScript module of the user's own gives the hidden states:
 * no weights, nothing known of its sizes, and a program that only pools.
 */
public record TorchScriptFamily() implements ModelFamily {
  /** More tokens, and ids, than a module says it has not. */
  private static final int UNKNOWN = Integer.MAX_VALUE;

  @Override
  public String modelType() {
    return "torchscript";
  }

  /** Refused: such a module has no {@code config.json}. */
  @Override
  public ModelShape shape(ModelConfig config) {
    throw config.unknown("model_type");
  }

  /**
   * Returns the shape of a module.
   *
   * @param vocabulary number of token ids, 0 where it is not known
   */
  public ModelShape shape(int vocabulary) {
    return new ModelShape(
        this,
        0,
        UNKNOWN,
        vocabulary == 0 ? UNKNOWN : vocabulary,
        false,
        false,
        new Constants().map(),
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public List<String> prefixes() {
    return List.of();
  }

  @Override
  public String tokenEmbedding() {
    return "";
  }
}
