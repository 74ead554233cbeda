package org.chameleon.corpus;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.FirstBytes;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.HadoopSettings;

/**
 * The rows of a file of JSON lines, plain, gzip or zstd. A row is an object; most lines hold one,
 * some two, where files were joined without a line's end between them. Lines are read forwards and
 * parsed only where a row is asked for.
 */
final class JsonLinesReader implements RowReader {
  private static final int BUFFER = 1 << 20;

  /** Rows among which one must have the content's field. */
  private static final int ROWS_TO_FIND_CONTENT = 1000;

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
    this.file = file;
    this.shownPath = file.shownPath();
    this.columns = columns;
    this.parser = new JsonLineParser(columns);
    try {
      Path path = new Path(file.path());
      BufferedInputStream raw =
          new BufferedInputStream(HadoopSettings.ofSources(path, hadoop).open(path), BUFFER);
      try {
        requireFormat(raw);
        this.lines = new LineReader(inflated(raw));
        requireLines(lines.first(FirstBytes.COUNT));
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw damagedOrUnreadable(e);
    }
  }

  private void requireFormat(InputStream raw) throws IOException {
    raw.mark(FirstBytes.COUNT);
    String found = FirstBytes.kind(raw.readNBytes(FirstBytes.COUNT)).orElse(null);
    raw.reset();
    String wanted =
        switch (file.format()) {
          case JSON_GZIP -> "gzip";
          case JSON_ZSTD -> "zstd";
          default -> null;
        };
    if (wanted != null && !wanted.equals(found) && !isSkippableFrame(found, wanted)) {
      throw file.refused(
          "it is not %s, as its name says%s. Rename or compress it."
              .formatted(wanted, found == null ? "" : ", but " + found));
    }
    if (wanted == null && found != null) {
      boolean packed = found.equals("gzip") || found.equals("zstd");
      throw file.refused(
          "it is %s, not JSON lines. %s"
              .formatted(
                  found,
                  packed
                      ? "Give its name the ending " + (found.equals("gzip") ? ".gz." : ".zst.")
                      : found.startsWith("UTF-")
                          ? "Convert it to UTF-8 (iconv -t UTF-8)."
                          : "Convert it, or leave it out."));
    }
  }

  /** A zstd file may begin with a frame of somebody's own; its magic number has no one value. */
  private static boolean isSkippableFrame(String found, String wanted) {
    return found == null && wanted.equals("zstd");
  }

  private InputStream inflated(InputStream raw) throws IOException {
    return switch (file.format()) {
      case JSON_GZIP -> new GzipCompressorInputStream(raw, true);
      case JSON_ZSTD ->
          new ZstdInputStream(raw).setContinuous(false).setLongMax(columns.zstdWindowLog());
      default -> raw;
    };
  }

  private void requireLines(byte[] first) {
    String text = new String(first, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
    if (file.format() != FileFormat.JSON) {
      FirstBytes.kind(first)
          .ifPresent(
              kind -> {
                throw file.refused(
                    "what is compressed in it is %s, not JSON lines. Convert it, or leave it out."
                        .formatted(kind));
              });
    }
    if (text.startsWith("[")) {
      throw file.refused(
          "it is a JSON array, not JSON lines. Write one object on each line (jq -c '.[]').");
    }
  }

  @Override
  public List<CorpusSplit> splits() {
    Map<String, Long> domainRows = new TreeMap<>();
    boolean hasContent = false;
    long row = 0;
    for (; has(row); row++) {
      hasContent = hasContent || hasContent(row);
      String domain = file.mixed() ? domain(row) : file.domain();
      if (domain != null) {
        domainRows.merge(domain, 1L, Long::sum);
      }
    }
    if (row > 0 && domainRows.isEmpty()) {
      throw file.refused(
          "no row has a domain in '%s'. Set corpus.domain-column to a column that is there."
              .formatted(columns.domain()));
    }
    if (row > 0 && !hasContent) {
      throw file.missingColumn(columns.content(), "other fields in all rows that were looked at");
    }
    return row == 0 ? List.of() : List.of(new CorpusSplit(file, 0, row, domainRows));
  }

  /** Where rows without content are skipped, the first ones may lack its field. */
  private boolean hasContent(long row) {
    if (row >= ROWS_TO_FIND_CONTENT) {
      return false;
    }
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
      parsed = parser.rows(decoded());
      if (!lines.mayHoldSeveral() && parsed.size() > 1) {
        parsed = List.of(JsonRow.bad("something stands behind its object"));
      }
    }
    return parsed;
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
