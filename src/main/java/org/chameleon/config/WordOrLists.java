package org.chameleon.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in a file as a word, or as a section of lists by name.
 *
 * @param word empty where there are lists
 * @param lists empty where there is a word
 */
public record WordOrLists(String word, Map<String, List<String>> lists) {

  /** Copies the lists. */
  public WordOrLists {
    Map<String, List<String>> copies = new TreeMap<>();
    lists.forEach((name, list) -> copies.put(name, List.copyOf(list)));
    lists = Collections.unmodifiableMap(copies);
  }

  /** Returns a word. */
  public static WordOrLists of(String word) {
    return new WordOrLists(word, Map.of());
  }

  /** Returns it as it stands in a file. */
  @JsonValue
  Object inFile() {
    return word.isEmpty() ? lists : word;
  }
}
