package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.chameleon.config.InvalidInputException;

/** A family of models: how to read its {@code config.json}, and which weights its program takes. */
public enum ModelFamily {
  /** GPT-2: learned positions, layer norms before attention and MLP, linear weights (in, out). */
  GPT2("gpt2") {
    @Override
    ModelShape shape(JsonNode config) {
      if (config.path("scale_attn_by_inverse_layer_idx").asBoolean(false)
          || !config.path("scale_attn_weights").asBoolean(true)) {
        throw new InvalidInputException(
            "Cannot use this checkpoint: its attention is not scaled by 1/sqrt(head width) alone"
                + " (scale_attn_weights, scale_attn_by_inverse_layer_idx in config.json).");
      }
      return new ModelShape(
          this,
          integer(config, "n_layer"),
          integer(config, "n_embd"),
          integer(config, "n_head"),
          integer(config, "n_head"),
          integer(config, "n_positions"),
          integer(config, "vocab_size"),
          config.path("layer_norm_epsilon").asDouble(1e-5),
          0,
          activation(config.path("activation_function").asText("gelu_new")));
    }

    @Override
    public List<String> weightNames(int layers) {
      List<String> names = new ArrayList<>(List.of("wte.weight", "wpe.weight"));
      for (int i = 0; i < layers; i++) {
        for (String part :
            List.of("ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj")) {
          names.add("h." + i + "." + part + ".weight");
          names.add("h." + i + "." + part + ".bias");
        }
      }
      return names;
    }

    @Override
    public List<String> finalNormNames() {
      return List.of("ln_f.weight", "ln_f.bias");
    }
  };

  private final String modelType;

  ModelFamily(String modelType) {
    this.modelType = modelType;
  }

  /** Reads the shape from a {@code config.json}. */
  abstract ModelShape shape(JsonNode config);

  /**
   * Returns the names of the weights up to the output of block {@code layers}, in program order.
   */
  public abstract List<String> weightNames(int layers);

  /** Returns the names of the norm behind the last block; it belongs to the last hidden state. */
  public abstract List<String> finalNormNames();

  /** Returns the prefixes that a checkpoint may put before the names. */
  List<String> prefixes() {
    return List.of("", "transformer.", "model.", "bert.");
  }

  /** Returns the family of a {@code config.json}, if there is a program for it. */
  static Optional<ModelFamily> of(JsonNode config) {
    String type = config.path("model_type").asText();
    return Arrays.stream(values()).filter(f -> f.modelType.equals(type)).findFirst();
  }

  private static int integer(JsonNode config, String key) {
    if (!config.path(key).canConvertToInt()) {
      throw new InvalidInputException(
          "Cannot use this checkpoint: config.json has no number '" + key + "'.");
    }
    return config.get(key).asInt();
  }

  private static int activation(String name) {
    return switch (name) {
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> 0;
      case "gelu" -> 1;
      case "relu" -> 2;
      default ->
          throw new InvalidInputException(
              "Cannot use this checkpoint: activation '"
                  + name
                  + "' in config.json is not gelu_new, gelu_pytorch_tanh, gelu or relu.");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
