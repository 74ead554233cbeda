package org.chameleon.materialize;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.PartWriter;

/**
 * A shard that was written.
 *
 * @param file the file
 * @param domains what it holds of each
 */
record Shard(FileRecord file, Map<String, Content> domains) implements PartWriter.Part {

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

  @Override
  public List<FileRecord> files() {
    return List.of(file);
  }

  long rows() {
    return domains.values().stream().mapToLong(Content::rows).sum();
  }

  long tokens() {
    return domains.values().stream().mapToLong(Content::tokens).sum();
  }
}
