package org.chameleon.model.family;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.chameleon.config.InvalidInputException;

/**
 * Rotary positions as a {@code config.json} describes them: angular frequencies of each pair of a
 * head's dimensions, in radians per token. Read from {@code rope_theta} and {@code rope_scaling},
 * or from {@code rope_parameters}, as later versions of {@code transformers} write both.
 *
 * @param theta base of the frequencies: θ^(-2i/d)
 * @param scaling what stretches them, if anything does
 */
record Rotary(double theta, Optional<ModelConfig> scaling) {
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";

  /** More than any model has; a number beyond it is a mistake. */
  private static final int MOST_DIMENSIONS = 1 << 16;

  /** Reads positions that all layers share. */
  static Rotary of(ModelConfig config, String thetaKey, double unset) {
    Optional<ModelConfig> parameters = config.section(PARAMETERS);
    Optional<ModelConfig> scaling = parameters.isPresent() ? parameters : config.section(SCALING);
    return new Rotary(theta(config, parameters, thetaKey, unset), scaling);
  }

  /**
   * Reads positions of layers of one kind.
   *
   * @param kind what {@code rope_parameters} calls them
   * @param isScaled whether {@code rope_scaling} is about them
   */
  static Rotary of(
      ModelConfig config, String kind, String thetaKey, double unset, boolean isScaled) {
    Optional<ModelConfig> parameters = config.section(PARAMETERS).flatMap(all -> all.section(kind));
    Optional<ModelConfig> scaling =
        parameters.isPresent() || !isScaled ? parameters : config.section(SCALING);
    return new Rotary(theta(config, parameters, thetaKey, unset), scaling);
  }

  private static double theta(
      ModelConfig config, Optional<ModelConfig> parameters, String key, double unset) {
    double given = config.positive(key, unset);
    return parameters.map(all -> all.positive("rope_theta", given)).orElse(given);
  }

  /**
   * Returns the frequencies.
   *
   * @param dimensions of a head that are turned
   * @param context of the model, where the scaling does not say which one it started from
   */
  List<Double> frequencies(int dimensions, int context) {
    if (dimensions > MOST_DIMENSIONS) {
      throw new InvalidInputException(
          "Cannot use this checkpoint: its config.json makes heads of width %d, more than any model has."
              .formatted(dimensions));
    }
    List<Double> plain =
        IntStream.range(0, (dimensions + 1) / 2)
            .mapToObj(i -> Math.pow(theta, -2.0 * i / dimensions))
            .toList();
    if (scaling.isEmpty()) {
      return plain;
    }
    ModelConfig how = scaling.get();
    String key = how.has("rope_type") ? "rope_type" : "type";
    return switch (how.text(key, "default")) {
      case "default" -> plain;
      case "linear" -> {
        double factor = how.positive("factor", Double.NaN);
        yield plain.stream().map(frequency -> frequency / factor).toList();
      }
      case "llama3" -> plain.stream().map(frequency -> llama3(frequency, how, context)).toList();
      default -> throw how.unknown(key);
    };
  }

  /**
   * Long waves are stretched by the factor, short ones are not, and those between by something
   * between, linear in the frequency.
   */
  private static double llama3(double frequency, ModelConfig how, int context) {
    double factor = how.positive("factor", Double.NaN);
    double low = how.positive("low_freq_factor", Double.NaN);
    double high = how.positive("high_freq_factor", Double.NaN);
    if (high <= low) {
      throw how.unknown("high_freq_factor");
    }
    double turns =
        how.size("original_max_position_embeddings", context) * frequency / (2 * Math.PI);
    double kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return kept * frequency + (1 - kept) * frequency / factor;
  }
}
