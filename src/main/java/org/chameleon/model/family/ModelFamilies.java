package org.chameleon.model.family;

import java.util.List;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.OneLine;

/** The families that have a program. A new one is a class, a program, and a line here. */
public final class ModelFamilies {
  private static final List<ModelFamily> ALL =
      List.of(
          new Gpt2Family(),
          new BertFamily(),
          new LlamaFamily(),
          new MistralFamily(),
          new Qwen2Family(),
          new Qwen3Family(),
          new RobertaFamily("xlm-roberta"),
          new RobertaFamily("roberta"),
          new GptNeoxFamily(),
          new Gemma3TextFamily(),
          new ModernBertFamily(),
          new MpnetFamily(),
          new DistilBertFamily(),
          new Olmo2Family());

  private ModelFamilies() {}

  /**
   * Returns the shape of the model that a {@code config.json} describes.
   *
   * @throws InvalidInputException if its family has no program, or the program does not compute it
   */
  public static ModelShape shape(ModelConfig config) {
    ModelFamily family = of(config);
    config.requireNothing("quantization_config");
    config.requireNothing("pruned_heads");
    config
        .section("auto_map")
        .filter(code -> code.has("AutoModel"))
        .ifPresent(
            code -> {
              throw new InvalidInputException(
                  ("Cannot use this checkpoint: auto_map in its config.json names Python code of its"
                          + " own (%s), which is not run. Export the model with torch.jit and give it"
                          + " as proxy.torchscript.")
                      .formatted(OneLine.of(code.text("AutoModel", ""))));
            });
    return family.shape(config);
  }

  private static ModelFamily of(ModelConfig config) {
    return ALL.stream()
        .filter(family -> family.modelType().equals(config.modelType()))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    ("Cannot use this checkpoint: model_type '%s' has no program. Known: %s. Export"
                            + " another with torch.jit and give it as proxy.torchscript.")
                        .formatted(
                            OneLine.of(config.modelType()),
                            String.join(", ", ALL.stream().map(ModelFamily::modelType).toList()))));
  }

  /** Returns all families. */
  public static List<ModelFamily> all() {
    return ALL;
  }
}
