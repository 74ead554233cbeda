package org.chameleon.corpus;

import java.io.FileNotFoundException;
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
 * @param format how its rows are written
 */
public record CorpusFile(String path, long bytes, long modified, String domain, FileFormat format)
    implements Serializable {

  /** Returns whether its rows belong to several domains, told apart by a column. */
  public boolean mixed() {
    return domain.isEmpty();
  }

  /** Returns the path as it is recorded and printed: without secrets. */
  String shownPath() {
    return Secrets.hidden(path);
  }

  RowReader open(Columns columns, ReadPattern contents, Configuration hadoop) {
    return format == FileFormat.PARQUET
        ? new ParquetRowReader(this, columns, contents, hadoop)
        : new JsonLinesReader(this, columns, hadoop);
  }

  /** Returns a refusal of the file for what it is; {@code why} ends with what to do. */
  InvalidInputException refused(String why) {
    return new InvalidInputException("Cannot read " + path + ": " + why);
  }

  /**
   * Returns a refusal of the file for what it is.
   *
   * @param seen how that came out: not its cause, since the file would be the same another time
   */
  InvalidInputException refused(String why, Throwable seen) {
    InvalidInputException refusal = refused(why);
    if (seen != null) {
      refusal.addSuppressed(seen);
    }
    return refusal;
  }

  /** Returns a refusal of a file that the storage does not hand out. */
  InvalidInputException unreadable(Exception cause) {
    String why =
        cause instanceof FileNotFoundException
            ? "it is gone since the corpus was listed"
            : cause.getMessage();
    return new InvalidInputException(
        "Cannot read %s: %s. Check the storage and who may read there.".formatted(path, why),
        cause);
  }

  /** Returns a refusal of a file without a column that is wanted. */
  InvalidInputException missingColumn(String column, Object found) {
    return refused(
        "no column '%s', it has %s. Set corpus.text-column, corpus.tokens-column or corpus.domain-column to a column that is there.%s"
            .formatted(column, found, hint()));
  }

  /** Returns what to do with a file that is named like the description of a dataset, or "". */
  String hint() {
    boolean describes =
        path.matches(".*/(dataset_infos?|dataset_dict|state|config|metadata)\\.json");
    return describes
        ? " Its name is that of a description of data: name the data with a glob, such as "
            + path.replaceAll("[^/]*$", "*.parquet.")
        : "";
  }
}
