package org.chameleon.materialize;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * A shard that was written.
 *
 * @param name of the file
 * @param bytes its size
 * @param sha256 its hash
 * @param domains what it holds of each
 */
record Shard(String name, long bytes, String sha256, Map<String, Content> domains)
    implements Serializable {

  /**
   * What is there of a domain.
   *
   * @param rows documents, with their copies
   * @param documents without
   * @param tokens of all rows
   */
  record Content(long rows, long documents, long tokens) implements Serializable {
    static final Content NONE = new Content(0, 0, 0);

    Content plus(Content other) {
      return new Content(rows + other.rows, documents + other.documents, tokens + other.tokens);
    }
  }

  Shard {
    domains = new TreeMap<>(domains);
  }

  long rows() {
    return domains.values().stream().mapToLong(Content::rows).sum();
  }

  long tokens() {
    return domains.values().stream().mapToLong(Content::tokens).sum();
  }
}
