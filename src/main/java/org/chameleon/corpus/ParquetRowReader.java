package org.chameleon.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.chameleon.config.InvalidInputException;

/** The rows of a Parquet file; the domain and the content are two columns read apart. */
final class ParquetRowReader implements RowReader {
  /** Compressed bytes up to which row groups are read together. */
  private static final long SPLIT_BYTES = 4L << 20;

  private final CorpusFile file;
  private final String shownPath;
  private final Columns columns;
  private final ReadPattern pattern;
  private final Configuration hadoop;
  private final ParquetFooter footer;
  private ParquetColumn domains;
  private ParquetColumn contents;
  private long[] expected = new long[0];
  private String[] names = new String[0];
  private long firstNamed;

  ParquetRowReader(CorpusFile file, Columns columns, ReadPattern pattern, Configuration hadoop) {
    this.file = file;
    this.shownPath = file.shownPath();
    this.columns = columns;
    this.pattern = pattern;
    this.hadoop = hadoop;
    this.footer = ParquetFooter.of(file, hadoop);
    if (footer.rows() > 0) {
      ParquetType content = type(columns.content());
      boolean fits = columns.tokens() ? content.isListOfWholeNumbers() : content.isString();
      if (!fits) {
        throw wrongType(columns.content(), columns.wanted());
      }
      if (file.mixed() && !type(columns.domain()).isString()) {
        throw wrongType(columns.domain(), "a string");
      }
    }
  }

  @Override
  public List<CorpusSplit> splits() {
    List<CorpusSplit> splits = new ArrayList<>();
    long first = 0;
    long count = 0;
    long bytes = 0;
    for (BlockMetaData group : footer.groups()) {
      if (count > 0 && bytes + group.getCompressedSize() > SPLIT_BYTES) {
        splits.add(split(first, count));
        first += count;
        count = 0;
        bytes = 0;
      }
      count += group.getRowCount();
      bytes += group.getCompressedSize();
    }
    if (count > 0) {
      splits.add(split(first, count));
    }
    return splits;
  }

  private CorpusSplit split(long first, long count) {
    boolean paged = footer.hasPageIndex(first, type(columns.content()).path());
    return new CorpusSplit(file, first, count, domainRows(first, count), paged, true, 0);
  }

  private Map<String, Long> domainRows(long first, long count) {
    if (!file.mixed()) {
      return Map.of(file.domain(), count);
    }
    Map<String, Long> result = new TreeMap<>();
    for (long row = first; row < first + count; row++) {
      String domain = domain(row);
      if (domain != null) {
        result.merge(domain, 1L, Long::sum);
      }
    }
    return result;
  }

  @Override
  public boolean has(long row) {
    return row < footer.rows();
  }

  /** The domains of the split are read for it, and told from memory later. */
  @Override
  public void expect(SplitDraw draw) {
    if (pattern == ReadPattern.DENSE) {
      return;
    }
    CorpusSplit split = draw.split();
    long first = split.firstRow();
    if (!file.mixed()) {
      long before = first - draw.firstOrdinal().get(file.domain());
      expected = Arrays.stream(draw.ordinals().get(file.domain())).map(n -> before + n).toArray();
      return;
    }
    String[] read = new String[(int) split.rows()];
    Arrays.setAll(read, i -> domain(first + i));
    names = read;
    firstNamed = first;
    Map<String, Long> next = new HashMap<>(draw.firstOrdinal());
    LongStream.Builder rows = LongStream.builder();
    for (int i = 0; i < read.length; i++) {
      if (read[i] != null) {
        long ordinal = next.merge(read[i], 1L, Long::sum) - 1;
        if (draw.has(read[i], ordinal)) {
          rows.add(first + i);
        }
      }
    }
    expected = rows.build().toArray();
  }

  @Override
  public String domain(long row) {
    long named = row - firstNamed;
    if (named >= 0 && named < names.length) {
      return names[(int) named];
    }
    if (domains == null) {
      domains = open(columns.domain(), ReadPattern.DENSE);
    }
    ByteBuffer bytes = read(domains, columns.domain(), row, domains::bytes);
    Utf8.Text text = bytes == null ? null : Utf8.decode(bytes);
    return RowReader.named(file, columns, row, text == null ? null : text.value());
  }

  @Override
  public Optional<Document> document(String domain, long ordinal, long row) {
    if (contents == null) {
      contents = open(columns.content(), pattern);
    }
    Document place = Document.at(domain, ordinal, shownPath, row);
    if (columns.tokens()) {
      long[] numbers = read(contents, columns.content(), row, contents::numbers);
      return numbers.length == 0
          ? RowReader.bad(file, columns, row, "null or empty")
          : RowReader.tokens(file, columns, place, numbers);
    }
    ByteBuffer bytes = read(contents, columns.content(), row, contents::bytes);
    if (bytes == null || !bytes.hasRemaining()) {
      return RowReader.bad(file, columns, row, bytes == null ? "null" : "empty");
    }
    Utf8.Text text = Utf8.decode(bytes);
    return text == null
        ? RowReader.bad(file, columns, row, "not valid UTF-8")
        : Optional.of(place.withText(text));
  }

  @FunctionalInterface
  private interface Values<T> {
    T at(long row) throws IOException;
  }

  private <T> T read(ParquetColumn column, String name, long row, Values<T> values) {
    try {
      return values.at(row);
    } catch (IOException e) {
      throw isDamage(e) ? damaged(column, name, row, e) : file.unreadable(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      // A place or a size that is damaged asks for more than there is file or memory.
      throw damaged(column, name, row, e);
    }
  }

  /** Parquet says so itself of what it cannot make sense of; a storage that fails is passed on. */
  private static boolean isDamage(IOException e) {
    StackTraceElement[] from = e.getStackTrace();
    return e instanceof EOFException
        || (from.length > 0 && from[0].getClassName().startsWith("org.apache.parquet."));
  }

  private InvalidInputException damaged(
      ParquetColumn column, String name, long row, Throwable seen) {
    return file.refused(
        "column '%s' is damaged at row %d, or a page of it larger than the memory (%d bytes). Copy or write the file again."
            .formatted(name, row, column.groupBytes()),
        seen);
  }

  private ParquetColumn open(String name, ReadPattern rows) {
    ParquetType type = type(name);
    if (footer.isNull(type.path())) {
      return ParquetColumn.ofNulls();
    }
    try {
      return ParquetColumn.open(
          file, footer, type.column(), rows == ReadPattern.DENSE ? null : expected, hadoop);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private ParquetType type(String name) {
    return ParquetType.of(footer, name)
        .orElseThrow(
            () ->
                file.missingColumn(
                    name, footer.schema().getFields().stream().map(Type::getName).toList()));
  }

  private InvalidInputException wrongType(String name, String expected) {
    MessageType column = type(name).column();
    return file.refused(
        "column '%s' must be %s, is '%s'. Name another column, or cast it."
            .formatted(
                name, expected, column.getType(0).toString().strip().replaceAll("\\s+", " ")));
  }

  @Override
  public void close() {
    for (ParquetColumn column : new ParquetColumn[] {domains, contents}) {
      if (column != null) {
        column.close();
      }
    }
  }
}
