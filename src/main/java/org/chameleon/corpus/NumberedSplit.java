package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A split, and where the numbers of its documents start.
 *
 * @param split the split
 * @param firstOrdinal by domain, the ordinal of its first document in the split
 */
record NumberedSplit(CorpusSplit split, Map<String, Long> firstOrdinal) implements Serializable {

  NumberedSplit {
    firstOrdinal = new TreeMap<>(firstOrdinal);
  }

  /**
   * Returns it with some of its domains alone.
   *
   * @param without by domain, paths of the files, as they are shown, of which it is left out
   */
  NumberedSplit of(Set<String> domains, Map<String, Set<String>> without) {
    Map<String, Long> some = new TreeMap<>(firstOrdinal);
    some.keySet().retainAll(domains);
    String path = split.file().shownPath();
    some.keySet().removeIf(domain -> without.getOrDefault(domain, Set.of()).contains(path));
    return new NumberedSplit(split, some);
  }
}
