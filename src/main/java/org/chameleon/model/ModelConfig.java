package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.chameleon.config.InvalidInputException;

/**
 * A {@code config.json}, read key by key. A key that is missing or null is unset; one of another
 * type than asked for is refused.
 */
public final class ModelConfig {
  private final JsonNode json;

  ModelConfig(JsonNode json) {
    this.json = json;
  }

  /** Returns the name of the family. */
  public String modelType() {
    return text("model_type", "");
  }

  /** Returns a whole number that must be there. */
  public int integer(String key) {
    if (!isSet(key)) {
      throw refused(key, "a whole number");
    }
    return integer(key, 0);
  }

  /** Returns a whole number. */
  public int integer(String key, int unset) {
    if (isSet(key) && !(json.get(key).isIntegralNumber() && json.get(key).canConvertToInt())) {
      throw refused(key, "a whole number");
    }
    return isSet(key) ? json.get(key).asInt() : unset;
  }

  /** Returns a number. */
  public double number(String key, double unset) {
    if (isSet(key) && !json.get(key).isNumber()) {
      throw refused(key, "a number");
    }
    return isSet(key) ? json.get(key).asDouble() : unset;
  }

  /** Returns a text. */
  public String text(String key, String unset) {
    if (isSet(key) && !json.get(key).isTextual()) {
      throw refused(key, "a text");
    }
    return isSet(key) ? json.get(key).asText() : unset;
  }

  /** Returns whether something is so. */
  public boolean flag(String key, boolean unset) {
    if (isSet(key) && !json.get(key).isBoolean()) {
      throw refused(key, "true or false");
    }
    return isSet(key) ? json.get(key).asBoolean() : unset;
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

  /** Refuses a model with something in a key that must be unset or empty. */
  public void requireNothing(String key) {
    if (isSet(key) && !json.get(key).isEmpty()) {
      throw unknown(key);
    }
  }

  private InvalidInputException unknown(String key) {
    return new InvalidInputException(
        "Cannot use this checkpoint: no program computes %s = %s in its config.json."
            .formatted(key, json.get(key)));
  }

  private InvalidInputException refused(String key, String wanted) {
    return new InvalidInputException(
        "Cannot use this checkpoint: %s in its config.json is %s, not %s."
            .formatted(key, isSet(key) ? json.get(key) : "unset", wanted));
  }

  private boolean isSet(String key) {
    return json.hasNonNull(key);
  }
}
