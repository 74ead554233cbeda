package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Map;
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
}
