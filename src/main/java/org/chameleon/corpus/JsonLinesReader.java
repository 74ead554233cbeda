package org.chameleon.corpus;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;

/**
 * The rows of a file of JSON lines, plain, gzip or zstd. A row is an object; most lines hold one,
 * some two, where files were joined without a line's end between them. Lines are read forwards and
 * parsed only where a row is asked for.
 */
final class JsonLinesReader implements RowReader {
  /** Bytes of a line from which on it is not made a text as a whole. */
  private static final int LARGE = 1 << 20;

  /** Bytes of a plain file that are read together, at least. */
  private static final long SPLIT_BYTES = 4L << 20;

  /** Splits of a file, at most. */
  private static final int MOST_SPLITS = 1000;

  private final CorpusFile file;
  private final String shownPath;
  private final Columns columns;
  private final JsonLineParser parser;
  private final LineReader lines;
  private long firstRow;
  private int rowsOfLine;
  private List<JsonRow> parsed;
  private boolean decodable;
  private boolean repaired;

  JsonLinesReader(CorpusFile file, Columns columns, Configuration hadoop) {
    this(file, columns, hadoop, 0, 0);
  }

  /** Opens the rows from those of a split on. */
  JsonLinesReader(CorpusSplit split, Columns columns, Configuration hadoop) {
    this(split.file(), columns, hadoop, split.firstRow(), split.offset());
  }

  private JsonLinesReader(
      CorpusFile file, Columns columns, Configuration hadoop, long firstRow, long offset) {
    this.file = file;
    this.firstRow = firstRow;
    this.shownPath = file.shownPath();
    this.columns = columns;
    this.parser = new JsonLineParser(columns);
    try {
      this.lines =
          offset == 0
              ? JsonLinesFile.open(file, columns.zstdWindowLog(), hadoop)
              : JsonLinesFile.openAt(file, offset, hadoop);
    } catch (IOException e) {
      throw damagedOrUnreadable(e);
    }
  }

  @Override
  public List<CorpusSplit> splits() {
    // What is compressed can be read from its beginning alone.
    boolean plain = file.format() == FileFormat.JSON;
    long most = plain ? Math.max(SPLIT_BYTES, file.bytes() / MOST_SPLITS) : Long.MAX_VALUE;
    List<CorpusSplit> splits = new ArrayList<>();
    Map<String, Long> domainRows = new TreeMap<>();
    boolean hasContent = false;
    long first = 0;
    long offset = 0;
    long row = 0;
    for (; has(row); row++) {
      if (row == firstRow && lines.place() - offset >= most) {
        splits.add(
            new CorpusSplit(file, first, row - first, domainRows, false, hasContent, offset));
        domainRows = new TreeMap<>();
        first = row;
        offset = lines.place();
      }
      hasContent = hasContent || hasContent(row);
      String domain = file.mixed() ? domain(row) : file.domain();
      if (domain != null) {
        domainRows.merge(domain, 1L, Long::sum);
      }
    }
    if (row > first) {
      splits.add(new CorpusSplit(file, first, row - first, domainRows, false, hasContent, offset));
    }
    return splits;
  }

  /** Where rows without content are skipped, all of a file may lack its field. */
  private boolean hasContent(long row) {
    JsonRow found = parsed(row);
    if (found.content().kind() != JsonRow.Kind.ABSENT) {
      return true;
    }
    if (columns.badRows() == BadRows.SKIP) {
      return false;
    }
    if (found.problem() != null) {
      throw notJson(row, found.problem());
    }
    throw file.missingColumn(columns.content(), JsonLineParser.fieldNames(decoded()));
  }

  @Override
  public boolean has(long row) {
    try {
      while (row >= firstRow + rowsOfLine) {
        firstRow += rowsOfLine;
        rowsOfLine = 0;
        parsed = null;
        if (!lines.next()) {
          return false;
        }
        rowsOfLine = lines.mayHoldSeveral() ? parsedLine().size() : 1;
      }
      return true;
    } catch (IOException e) {
      throw damagedOrUnreadable(e);
    }
  }

  private List<JsonRow> parsedLine() {
    if (parsed == null) {
      parsed = rows();
      if (!lines.mayHoldSeveral() && parsed.size() > 1) {
        parsed = List.of(JsonRow.bad("something stands behind its object"));
      }
    }
    return parsed;
  }

  private List<JsonRow> rows() {
    ByteBuffer line = lines.line();
    boolean large = line.remaining() >= LARGE;
    if (!large || !Utf8.isValid(line.array(), line.arrayOffset(), line.remaining())) {
      return parser.rows(decoded());
    }
    decodable = true;
    repaired = false;
    return parser.rows(line.array(), line.remaining());
  }

  private String decoded() {
    Utf8.Text text = Utf8.decode(lines.line());
    decodable = text != null;
    repaired = decodable && text.repaired();
    return decodable ? text.value() : Utf8.decodeLeniently(lines.line());
  }

  private JsonRow parsed(long row) {
    return parsedLine().get((int) (row - firstRow));
  }

  @Override
  public String domain(long row) {
    has(row);
    JsonRow found = parsed(row);
    boolean skips = columns.badRows() == BadRows.SKIP;
    if (found.problem() != null && !skips) {
      throw notJson(row, found.problem());
    }
    return switch (found.domain().kind()) {
      case TEXT -> RowReader.named(file, columns, row, text(found.domain()));
      case OTHER, NUMBERS -> {
        if (!skips) {
          throw wrongType(row, columns.domain(), "a string", found.domain().text());
        }
        yield null;
      }
      case ABSENT -> {
        if (row == 0 && !skips) {
          throw file.missingColumn(columns.domain(), JsonLineParser.fieldNames(decoded()));
        }
        yield RowReader.named(file, columns, row, null);
      }
      case NULL -> RowReader.named(file, columns, row, null);
    };
  }

  /** A name that was not UTF-8 is none. */
  private String text(JsonRow.Field field) {
    return !decodable && field.text().indexOf('\uFFFD') >= 0 ? null : field.text();
  }

  @Override
  public Optional<Document> document(String domain, long ordinal, long row) {
    has(row);
    JsonRow found = parsed(row);
    if (!decodable) {
      return RowReader.bad(file, columns, row, "not valid UTF-8");
    }
    if (found.problem() != null) {
      if (columns.badRows() == BadRows.SKIP) {
        return Optional.empty();
      }
      throw notJson(row, found.problem());
    }
    JsonRow.Field content = found.content();
    Document place = Document.at(domain, ordinal, shownPath, row);
    return switch (content.kind()) {
      case ABSENT, NULL -> RowReader.bad(file, columns, row, "null");
      case NUMBERS ->
          content.numbers().length == 0
              ? RowReader.bad(file, columns, row, "empty")
              : RowReader.tokens(file, columns, place, content.numbers());
      case TEXT -> columns.tokens() ? wrongContent(row, "string") : text(row, place, content);
      case OTHER -> wrongContent(row, content.text());
    };
  }

  private Optional<Document> text(long row, Document place, JsonRow.Field content) {
    Utf8.Text text = Utf8.repaired(content.text());
    return text.value().isEmpty()
        ? RowReader.bad(file, columns, row, "empty")
        : Optional.of(place.withText(new Utf8.Text(text.value(), text.repaired() || repaired)));
  }

  private Optional<Document> wrongContent(long row, String found) {
    if (columns.badRows() == BadRows.SKIP) {
      return Optional.empty();
    }
    throw wrongType(row, columns.content(), columns.wanted(), found);
  }

  private InvalidInputException wrongType(long row, String name, String expected, String found) {
    return new InvalidInputException(
        "Cannot read row %d of %s: column '%s' must be %s, is %s. Name another column, convert it, or set corpus.bad-rows = skip."
            .formatted(row, file.path(), name, expected, found));
  }

  private InvalidInputException notJson(long row, String problem) {
    return new InvalidInputException(
        "Cannot read row %d of %s: %s. Every line must be a JSON object, or set corpus.bad-rows = skip.%s"
            .formatted(row, file.path(), problem, file.hint()));
  }

  private InvalidInputException damagedOrUnreadable(IOException e) {
    long row = firstRow;
    if (e instanceof LineReader.LineTooLongException) {
      return file.refused(
          "row %d is longer than %d bytes. Split the document.".formatted(row, LineReader.LONGEST),
          e);
    }
    if (e instanceof ZstdIOException zstd
        && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
      return file.refused(
          ("it was compressed with a window of more than 2^%d bytes. Raise corpus.zstd-window-log: a"
                  + " task then needs as much memory outside the heap.")
              .formatted(columns.zstdWindowLog()),
          e);
    }
    boolean packed = file.format() != FileFormat.JSON;
    boolean storage = e.getClass().getName().startsWith("org.apache.hadoop");
    return packed && !storage
        ? file.refused(
            "it is damaged or cut short after row %d. Copy or compress it again.".formatted(row), e)
        : file.unreadable(e);
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
