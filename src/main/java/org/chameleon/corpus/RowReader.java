package org.chameleon.corpus;

import java.util.Optional;
import org.chameleon.config.InvalidInputException;

/**
 * The rows of one file, read forwards: each call names a row at or after that of the call before.
 */
sealed interface RowReader extends AutoCloseable permits ParquetRowReader, JsonLinesReader {

  /** Returns the rows of each stretch that can be read on its own, without reading any content. */
  Iterable<CorpusSplit> splits();

  /** Returns whether the file has this row. */
  boolean has(long row);

  /**
   * Tells which documents will be asked for, so that what holds them is fetched at once. Others can
   * be asked for all the same.
   */
  default void expect(SplitDraw draw) {}

  /**
   * Returns the domain of this row; null if it is left out, or names none and such rows are
   * skipped.
   */
  String domain(long row);

  /**
   * Returns the document at this row; empty if it has no usable content and such rows are skipped.
   */
  Optional<Document> document(String domain, long ordinal, long row);

  @Override
  void close();

  /** Returns nothing, or throws, as the configuration says. */
  static Optional<Document> bad(CorpusFile file, Columns columns, long row, String why) {
    if (columns.badRows() == BadRows.SKIP) {
      return Optional.empty();
    }
    throw new InvalidInputException(
        ("Cannot use row %d of %s: column '%s' is %s. Filter such rows out, or set corpus.bad-rows ="
                + " skip.")
            .formatted(row, file.path(), columns.content(), why));
  }

  /** Returns the domain that a row names: null, or a refusal, where there is none. */
  static String named(CorpusFile file, Columns columns, long row, String domain) {
    if (domain != null && !domain.isEmpty()) {
      return columns.names().of(Utf8.repaired(domain).value());
    }
    if (columns.badRows() == BadRows.SKIP) {
      return null;
    }
    throw new InvalidInputException(
        "Cannot tell the domain of row %d of %s: column '%s' is %s. Give every row a domain, or set corpus.bad-rows = skip."
            .formatted(row, file.path(), columns.domain(), domain == null ? "null" : "empty"));
  }

  /** Returns the document of token ids, or says which is none. */
  static Optional<Document> tokens(
      CorpusFile file, Columns columns, Document place, long[] numbers) {
    int[] ids = new int[numbers.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) numbers[i];
      if (numbers[i] < 0 || numbers[i] != ids[i]) {
        String found = numbers[i] == NO_NUMBER ? "null" : Long.toString(numbers[i]);
        return bad(file, columns, place.row(), "not a token id at " + i + ": " + found);
      }
    }
    return Optional.of(place.withTokens(ids));
  }

  /** What stands for null in a list of numbers. */
  long NO_NUMBER = Long.MIN_VALUE;
}
