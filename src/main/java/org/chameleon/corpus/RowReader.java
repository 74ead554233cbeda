package org.chameleon.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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

  /** Returns the value of the domain column at this row. */
  String domain(long row);

  /**
   * Returns the document at this row; empty if it has no usable content and such rows are skipped.
   */
  Optional<Document> document(String domain, long ordinal, long row);

  @Override
  void close();

  /** Returns text that must be UTF-8, with lone surrogates replaced; null where it is not. */
  static String decode(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes)
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

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

  /** Returns the domain named in a row, which must have one. */
  static String named(CorpusFile file, Columns columns, long row, String domain) {
    if (domain == null || domain.isEmpty()) {
      throw new InvalidInputException(
          "Cannot tell the domain of row %d of %s: column '%s' is %s. Give every row a domain."
              .formatted(row, file.path(), columns.domain(), domain == null ? "null" : "empty"));
    }
    return domain;
  }
}
