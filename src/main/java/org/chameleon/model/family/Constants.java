package org.chameleon.model.family;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Constants of a program in the making, by the names that it knows them by. */
final class Constants {
  private final SortedMap<String, List<Double>> map = new TreeMap<>();

  Constants with(String name, double value) {
    return with(name, List.of(value));
  }

  Constants with(String name, List<Double> values) {
    map.put(name, List.copyOf(values));
    return this;
  }

  SortedMap<String, List<Double>> map() {
    return map;
  }
}
