package org.chameleon.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.OneLine;

/**
 * A {@code config.json}, read key by key. A key that is missing or null is unset; one of another
 * type than asked for is refused.
 */
public final class ModelConfig {
  /** More blocks than any model has; a number beyond it is a mistake. */
  private static final int MOST_LAYERS = 10_000;

  private final JsonNode json;
  private final String at;

  /** Reads an object. */
  public ModelConfig(JsonNode json) {
    this(json, "");
  }

  private ModelConfig(JsonNode json, String at) {
    this.json = json;
    this.at = at;
  }

  /** Returns the name of the family. */
  public String modelType() {
    return text("model_type", "");
  }

  /** Returns whether a key is set. */
  public boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** Returns whether a key is there and says null, where that means something else than unset. */
  public boolean isNull(String key) {
    return json.has(key) && json.get(key).isNull();
  }

  /** Returns a size that must be there: a whole number from 1. */
  public int size(String key) {
    if (!has(key)) {
      throw refused(key, "a whole number");
    }
    return size(key, 1);
  }

  /** Returns a size: a whole number from 1. */
  public int size(String key, int unset) {
    int size = integer(key, unset);
    if (has(key) && size < 1) {
      throw refused(key, "a positive number");
    }
    return size;
  }

  /** Returns a number of blocks. */
  public int layers(String key) {
    int layers = size(key);
    if (layers > MOST_LAYERS) {
      throw refused(key, "a number of layers that a model has");
    }
    return layers;
  }

  /** Returns a whole number. */
  public int integer(String key, int unset) {
    if (has(key) && !(json.get(key).isIntegralNumber() && json.get(key).canConvertToInt())) {
      throw refused(key, "a whole number");
    }
    return has(key) ? json.get(key).asInt() : unset;
  }

  /** Returns a positive, finite number. */
  public double positive(String key, double unset) {
    if (has(key) && !json.get(key).isNumber()) {
      throw refused(key, "a number");
    }
    double value = has(key) ? json.get(key).asDouble() : unset;
    if (!(value > 0) || Double.isInfinite(value)) {
      throw refused(key, "a positive number");
    }
    return value;
  }

  /** Returns a text. */
  public String text(String key, String unset) {
    if (has(key) && !json.get(key).isTextual()) {
      throw refused(key, "a text");
    }
    return has(key) ? json.get(key).asText() : unset;
  }

  /** Returns a list of texts, empty where it is unset. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (has(key) && !json.get(key).isArray()) {
      throw refused(key, "a list");
    }
    for (JsonNode text : json.path(key)) {
      if (!text.isTextual()) {
        throw refused(key, "a list of texts");
      }
      texts.add(text.asText());
    }
    return texts;
  }

  /** Returns whether something is so. */
  public boolean flag(String key, boolean unset) {
    if (has(key) && !json.get(key).isBoolean()) {
      throw refused(key, "true or false");
    }
    return has(key) ? json.get(key).asBoolean() : unset;
  }

  /** Returns a function of the MLP. */
  public Activation activation(String key, String unset) {
    return Activation.named(text(key, unset))
        .orElseThrow(() -> refused(key, "one of " + Activation.known()));
  }

  /** Returns an object in this one, if there is one that says something. */
  public Optional<ModelConfig> section(String key) {
    if (has(key) && !json.get(key).isObject()) {
      throw refused(key, "an object");
    }
    return json.path(key).isEmpty()
        ? Optional.empty()
        : Optional.of(new ModelConfig(json.get(key), at + key + "."));
  }

  /** Refuses a size that does not divide another. */
  public void requireDivides(String divisor, String size) {
    if (size(size) % size(divisor) != 0) {
      throw new InvalidInputException(
          "Cannot use this checkpoint: %s = %d in its config.json is no multiple of %s = %d."
              .formatted(at + size, size(size), at + divisor, size(divisor)));
    }
  }

  /**
   * Refuses a model that computes what no program does.
   *
   * @param known the value for which the program is right, also when unset
   */
  public void require(String key, boolean known) {
    if (flag(key, known) != known) {
      throw unknown(key);
    }
  }

  /** As {@link #require(String, boolean)}, of a number. */
  public void require(String key, double known) {
    if (positive(key, known) != known) {
      throw unknown(key);
    }
  }

  /** As {@link #require(String, boolean)}, of a text. */
  public void require(String key, String known) {
    if (!text(key, known).equals(known)) {
      throw unknown(key);
    }
  }

  /** Refuses a model with something in a key that must be unset, false, zero or empty. */
  public void requireNothing(String key) {
    JsonNode value = json.path(key);
    boolean nothing =
        value.isContainerNode()
            ? value.isEmpty()
            : !has(key) || (value.isBoolean() ? !value.asBoolean() : value.asText().equals("0"));
    if (!nothing) {
      throw unknown(key);
    }
  }

  /** Returns the refusal of a key whose value no program computes. */
  public InvalidInputException unknown(String key) {
    return new InvalidInputException(
        "Cannot use this checkpoint: no program computes %s = %s in its config.json."
            .formatted(at + key, shown(key)));
  }

  private InvalidInputException refused(String key, String wanted) {
    return new InvalidInputException(
        "Cannot use this checkpoint: %s in its config.json is %s, not %s."
            .formatted(at + key, has(key) ? shown(key) : "unset", wanted));
  }

  private String shown(String key) {
    return OneLine.of(String.valueOf(json.get(key)));
  }
}
