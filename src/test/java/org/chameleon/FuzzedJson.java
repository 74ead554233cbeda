package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/** JSON with one to three changes: keys gone, twice or new, values replaced by any others. */
public final class FuzzedJson {
  private static final String MARK = "@value@";

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0.0",
          "-1",
          "1",
          "2",
          "3",
          "5",
          "7",
          "0.5",
          "1.0",
          "1e-320",
          "1e300",
          "1e999",
          "-1e999",
          "10000",
          "65536",
          "100000000",
          "1073741825",
          "2000000000",
          "2147483647",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "-9223372036854775808",
          "123456789012345678901234567890",
          "\"\"",
          "\"default\"",
          "\"linear\"",
          "\"yarn\"",
          "\"a\\nb\\u2028c\\ud800\\u0000\"",
          "[]",
          "[0]",
          "[2, -3]",
          "[[]]",
          "[null]",
          "[\"sliding_attention\"]",
          "{}",
          "{\"a\": 1}",
          "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4}",
          "{\"rope_type\": \"linear\", \"factor\": 1e-320}",
          "{\"type\": 3}",
          "{\"full_attention\": {\"rope_theta\": 0}, \"sliding_attention\": []}",
          "[".repeat(1500),
          "{\"a\": ".repeat(999) + "1" + "}".repeat(999));

  private final SplittableRandom random;

  /** Makes the same changes for the same seed. */
  public FuzzedJson(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Returns a changed copy as text, which is not always JSON.
   *
   * @param keys that may be added to an object
   */
  public String of(JsonNode json, List<String> keys) {
    JsonNode changed = json.deepCopy();
    int changes = 1 + random.nextInt(3);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      change(changed, keys).ifPresent(values::add);
    }
    String text = changed.toString();
    for (String value : values) {
      text = text.replaceFirst("\"" + MARK + "\"", Matcher.quoteReplacement(value));
    }
    return text;
  }

  private Optional<String> change(JsonNode root, List<String> keys) {
    List<JsonNode> containers = new ArrayList<>();
    collect(root, containers);
    JsonNode at = containers.get(random.nextInt(containers.size()));
    if (at instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      int what = random.nextInt(10);
      if (what == 0 || names.isEmpty()) {
        object.put(keys.get(random.nextInt(keys.size())), MARK);
      } else {
        String name = names.get(random.nextInt(names.size()));
        if (what == 1) {
          object.remove(name);
          return Optional.empty();
        }
        object.put(name, MARK);
      }
    } else {
      ArrayNode array = (ArrayNode) at;
      if (array.isEmpty() || random.nextInt(4) == 0) {
        array.add(MARK);
      } else {
        array.set(random.nextInt(array.size()), array.textNode(MARK));
      }
    }
    return Optional.of(VALUES.get(random.nextInt(VALUES.size())));
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}
