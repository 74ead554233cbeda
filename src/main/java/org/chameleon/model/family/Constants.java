package org.chameleon.model.family;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;

/** Constants of a program in the making, by the names that it knows them by. */
final class Constants {
  private final SortedMap<String, List<Double>> map = new TreeMap<>();

  Constants with(String name, double value) {
    return with(name, List.of(value));
  }

  /** Sets numbers, all of which must be finite. */
  Constants with(String name, List<Double> values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new InvalidInputException(
            "Cannot use this checkpoint: its config.json makes the constant '%s' of the program %s."
                .formatted(name, value));
      }
    }
    map.put(name, List.copyOf(values));
    return this;
  }

  SortedMap<String, List<Double>> map() {
    return map;
  }
}
