package org.chameleon.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;

/**
 * A file as it was written.
 *
 * @param path relative to the folder that it belongs to
 * @param bytes its size
 * @param sha256 of its content, hexadecimal
 * @param rows of a table, null for other files
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileRecord(String path, long bytes, String sha256, Long rows)
    implements Serializable {

  /** Returns the record of the same file under another path. */
  public FileRecord withPath(String newPath) {
    return new FileRecord(newPath, bytes, sha256, rows);
  }
}
