package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Map;

/**
 * The documents drawn from one split.
 *
 * @param split the split
 * @param firstOrdinal by domain, the ordinal of its first document in the split
 * @param ordinals by domain, the ordinals of the drawn documents, ascending
 */
record SplitDraw(CorpusSplit split, Map<String, Long> firstOrdinal, Map<String, long[]> ordinals)
    implements Serializable {

  /** Returns the number of drawn documents. */
  long documents() {
    return ordinals.values().stream().mapToLong(drawn -> drawn.length).sum();
  }
}
