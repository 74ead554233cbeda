package org.chameleon.corpus;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;

/**
 * One file of the corpus, pinned by size and time: row numbers mean nothing once it has changed.
 *
 * @param path the full URI
 * @param bytes the size of the file
 * @param modified modification time, milliseconds since 1970
 * @param domain the domain of all its rows, or empty when a column says it row by row
 */
public record CorpusFile(String path, long bytes, long modified, String domain)
    implements Serializable {

  /** Returns whether its rows belong to several domains, told apart by a column. */
  public boolean mixed() {
    return domain.isEmpty();
  }

  /** Returns the path as it is recorded and printed: without secrets. */
  String shownPath() {
    return Secrets.hidden(path);
  }

  /** Returns whether the file is Parquet; otherwise it is JSON lines. */
  boolean parquet() {
    return path.endsWith(".parquet") || path.endsWith(".parq") || path.endsWith(".pq");
  }

  RowReader open(Columns columns, ReadPattern contents, Configuration hadoop) {
    return parquet()
        ? new ParquetRowReader(this, columns, contents, hadoop)
        : new JsonLinesReader(this, columns, hadoop);
  }

  InvalidInputException unreadable(Exception cause) {
    return new InvalidInputException(
        "Cannot read " + path + ": " + cause.getMessage() + ". Check that the file is complete.",
        cause);
  }

  InvalidInputException missingColumn(String column, Object found) {
    return new InvalidInputException(
        ("Cannot read %s: no column '%s', it has %s. Set corpus.text-column, corpus.tokens-column or"
                + " corpus.domain-column to a column that is there.")
            .formatted(path, column, found));
  }
}
