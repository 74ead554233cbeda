package org.chameleon.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.chameleon.config.InvalidInputException;

/** The rows of a Parquet file; the domain and the content are two columns read apart. */
final class ParquetRowReader implements RowReader {
  private final CorpusFile file;
  private final String shownPath;
  private final Columns columns;
  private final ReadPattern pattern;
  private final Configuration hadoop;
  private final List<Long> groupRows = new ArrayList<>();
  private final MessageType schema;
  private final long rows;
  private ParquetColumn domains;
  private ParquetColumn contents;

  ParquetRowReader(CorpusFile file, Columns columns, ReadPattern pattern, Configuration hadoop) {
    this.file = file;
    this.shownPath = file.shownPath();
    this.columns = columns;
    this.pattern = pattern;
    this.hadoop = hadoop;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file.path()), hadoop))) {
      this.schema = reader.getFileMetaData().getSchema();
      reader.getRowGroups().stream().map(BlockMetaData::getRowCount).forEach(groupRows::add);
    } catch (IOException | RuntimeException e) {
      throw file.unreadable(e);
    }
    this.rows = groupRows.stream().mapToLong(Long::longValue).sum();
    checkContent();
  }

  @Override
  public List<CorpusSplit> splits() {
    List<CorpusSplit> splits = new ArrayList<>();
    long first = 0;
    for (long count : groupRows) {
      splits.add(new CorpusSplit(file, first, count, domainRows(first, count)));
      first += count;
    }
    return splits;
  }

  private Map<String, Long> domainRows(long first, long count) {
    if (!file.mixed()) {
      return Map.of(file.domain(), count);
    }
    Map<String, Long> result = new TreeMap<>();
    for (long row = first; row < first + count; row++) {
      result.merge(domain(row), 1L, Long::sum);
    }
    return result;
  }

  @Override
  public boolean has(long row) {
    return row < rows;
  }

  @Override
  public String domain(long row) {
    try {
      if (domains == null) {
        domains = open(columns.domain(), ReadPattern.DENSE);
      }
      ByteBuffer bytes = domains.bytes(row);
      return RowReader.named(file, columns, row, bytes == null ? null : RowReader.decode(bytes));
    } catch (IOException | RuntimeException e) {
      throw e instanceof InvalidInputException refused ? refused : file.unreadable(e);
    }
  }

  @Override
  public Optional<Document> document(String domain, long ordinal, long row) {
    try {
      if (contents == null) {
        contents = open(columns.content(), pattern);
      }
      return columns.tokens() ? tokens(domain, ordinal, row) : text(domain, ordinal, row);
    } catch (IOException | RuntimeException e) {
      throw e instanceof InvalidInputException refused ? refused : file.unreadable(e);
    }
  }

  private Optional<Document> text(String domain, long ordinal, long row) throws IOException {
    ByteBuffer bytes = contents.bytes(row);
    if (bytes == null || !bytes.hasRemaining()) {
      return RowReader.bad(file, columns, row, bytes == null ? "null" : "empty");
    }
    String text = RowReader.decode(bytes);
    return text == null
        ? RowReader.bad(file, columns, row, "not valid UTF-8")
        : Optional.of(new Document(domain, ordinal, shownPath, row, text, null));
  }

  private Optional<Document> tokens(String domain, long ordinal, long row) throws IOException {
    long[] numbers = contents.numbers(row);
    if (numbers.length == 0) {
      return RowReader.bad(file, columns, row, "null or empty");
    }
    int[] ids = new int[numbers.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) numbers[i];
      if (numbers[i] < 0 || numbers[i] != ids[i]) {
        return RowReader.bad(file, columns, row, "not a token id at " + i + ": " + numbers[i]);
      }
    }
    return Optional.of(new Document(domain, ordinal, shownPath, row, null, ids));
  }

  private ParquetColumn open(String name, ReadPattern rows) throws IOException {
    return new ParquetColumn(file, new MessageType("column", type(name)), rows, hadoop);
  }

  private org.apache.parquet.schema.Type type(String name) {
    if (!schema.containsField(name)) {
      throw file.missingColumn(
          name, schema.getFields().stream().map(org.apache.parquet.schema.Type::getName).toList());
    }
    return schema.getType(name);
  }

  private void checkContent() {
    List<ColumnDescriptor> leaves = new MessageType("column", type(columns.content())).getColumns();
    PrimitiveType leaf = leaves.get(0).getPrimitiveType();
    boolean list = leaves.size() == 1 && leaves.get(0).getMaxRepetitionLevel() == 1;
    boolean whole =
        leaf.getPrimitiveTypeName() == PrimitiveTypeName.INT32
            || leaf.getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    if (columns.tokens() ? !(list && whole) : !isString(columns.content())) {
      throw wrongType(columns.content(), columns.tokens() ? "a list of whole numbers" : "a string");
    }
    if (file.mixed() && !isString(columns.domain())) {
      throw wrongType(columns.domain(), "a string");
    }
  }

  private boolean isString(String name) {
    org.apache.parquet.schema.Type type = type(name);
    return type.isPrimitive()
        && !type.isRepetition(org.apache.parquet.schema.Type.Repetition.REPEATED)
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && (type.getLogicalTypeAnnotation() == null
            || type.getLogicalTypeAnnotation().equals(LogicalTypeAnnotation.stringType())
            || type.getLogicalTypeAnnotation().equals(LogicalTypeAnnotation.enumType())
            || type.getLogicalTypeAnnotation().equals(LogicalTypeAnnotation.jsonType()));
  }

  private InvalidInputException wrongType(String name, String expected) {
    return new InvalidInputException(
        "Cannot read %s: column '%s' must be %s, is '%s'. Name another column, or cast it."
            .formatted(file.path(), name, expected, type(name).toString().strip()));
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
