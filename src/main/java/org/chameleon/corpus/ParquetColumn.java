package org.chameleon.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.HadoopSettings;

/**
 * One column of a Parquet file, read forwards row by row. Only the page that holds the next row is
 * fetched where the file has a page index, and the chunk of its row group otherwise.
 */
final class ParquetColumn implements AutoCloseable {
  private final ParquetFooter footer;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final ColumnDescriptor column;
  private final ReadPattern pattern;
  private ColumnReader values;
  private int group;
  private long next;
  private long end;

  private ParquetColumn(
      ParquetFooter footer, ParquetFileReader reader, MessageType schema, ReadPattern pattern) {
    this.footer = footer;
    this.reader = reader;
    this.schema = schema;
    this.column = schema == null ? null : schema.getColumns().get(0);
    this.pattern = pattern;
  }

  /**
   * Opens a column.
   *
   * @param schema has that column alone
   * @throws InvalidInputException if its codec is not at hand, or it does not lie in the file
   */
  @SuppressWarnings("deprecation") // the only constructor that takes a footer
  static ParquetColumn open(
      CorpusFile file,
      ParquetFooter footer,
      MessageType schema,
      ReadPattern pattern,
      Configuration hadoop)
      throws IOException {
    ColumnPath path = ColumnPath.get(schema.getColumns().get(0).getPath());
    for (BlockMetaData group : footer.groups()) {
      requireReadable(file, path, group, hadoop);
    }
    Path source = new Path(file.path());
    Configuration settings = HadoopSettings.forSource(source, hadoop);
    // Pages that carry a checksum are compared with it.
    settings.setBoolean(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, true);
    ParquetFileReader reader = new ParquetFileReader(settings, source, footer.metadata());
    reader.setRequestedSchema(schema);
    return new ParquetColumn(footer, reader, schema, pattern);
  }

  /** Returns a column of nothing but null. */
  static ParquetColumn ofNulls() {
    return new ParquetColumn(null, null, null, ReadPattern.DENSE);
  }

  private static void requireReadable(
      CorpusFile file, ColumnPath path, BlockMetaData group, Configuration hadoop) {
    ColumnChunkMetaData chunk = chunk(group, path);
    if (chunk == null
        || chunk.getStartingPos() < 0
        || chunk.getTotalSize() < 0
        || chunk.getStartingPos() > file.bytes() - chunk.getTotalSize()) {
      throw file.refused(
          "its footer has no place in the file for column '%s'. Copy or write it again."
              .formatted(path.toDotString()));
    }
    String codec = chunk.getCodec().getHadoopCompressionCodecClassName();
    if (codec != null && hadoop.getClassByNameOrNull(codec) == null) {
      throw file.refused(
          "column '%s' is compressed with %s, for which there is no codec. Write it with zstd, or give Spark a library (spark.jars) with %s."
              .formatted(path.toDotString(), chunk.getCodec(), codec));
    }
  }

  private static ColumnChunkMetaData chunk(BlockMetaData group, ColumnPath path) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (chunk.getPath().equals(path)) {
        return chunk;
      }
    }
    return null;
  }

  /** Returns the bytes of the row group that was read last, for messages. */
  long groupBytes() {
    return footer == null ? 0 : footer.groups().get(group).getTotalByteSize();
  }

  /** Returns the bytes at a row, or null. */
  ByteBuffer bytes(long row) throws IOException {
    if (reader == null) {
      return null;
    }
    moveTo(row);
    next = row + 1;
    ByteBuffer bytes =
        values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()
            ? values.getBinary().toByteBuffer()
            : null;
    values.consume();
    return bytes;
  }

  /**
   * Returns the list of whole numbers at a row, empty where it is null; {@link RowReader#NO_NUMBER}
   * stands for a null in it.
   */
  long[] numbers(long row) throws IOException {
    if (reader == null) {
      return new long[0];
    }
    moveTo(row);
    next = row + 1;
    boolean wide = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    int elementLevel = elementLevel();
    long[] numbers = new long[16];
    int count = 0;
    do {
      int level = values.getCurrentDefinitionLevel();
      if (level >= elementLevel) {
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] =
            level < column.getMaxDefinitionLevel()
                ? RowReader.NO_NUMBER
                : wide ? values.getLong() : values.getInteger();
      }
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    return Arrays.copyOf(numbers, count);
  }

  /** Returns the definition level from which on there is an element, perhaps null. */
  private int elementLevel() {
    String[] path = column.getPath();
    int depth = 1;
    while (schema.getMaxRepetitionLevel(Arrays.copyOf(path, depth)) == 0) {
      depth++;
    }
    return schema.getMaxDefinitionLevel(Arrays.copyOf(path, depth));
  }

  private void moveTo(long row) throws IOException {
    if (values == null || row >= end) {
      open(row);
    }
    while (next < row) {
      do {
        if (values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
          values.skip();
        }
        values.consume();
      } while (values.getCurrentRepetitionLevel() > 0);
      next++;
    }
  }

  private void open(long row) throws IOException {
    group = footer.groupOf(row);
    long first = footer.firstRow(group);
    BlockMetaData block = footer.groups().get(group);
    OffsetIndex pages = pattern == ReadPattern.DENSE ? null : offsetIndex(block);
    PageReadStore store;
    if (pages == null) {
      store = reader.readRowGroup(group);
      next = first;
      end = first + block.getRowCount();
    } else {
      int page = pageOf(pages, row - first);
      PrimitiveIterator.OfInt wanted = IntStream.of(page).iterator();
      store =
          reader.readFilteredRowGroup(group, RowRanges.create(block.getRowCount(), wanted, pages));
      next = first + pages.getFirstRowIndex(page);
      end = first + pages.getLastRowIndex(page, block.getRowCount()) + 1;
    }
    String writer = reader.getFileMetaData().getCreatedBy();
    values =
        new ColumnReadStoreImpl(
                store, new DummyRecordConverter(schema).getRootConverter(), schema, writer)
            .getColumnReader(column);
  }

  private OffsetIndex offsetIndex(BlockMetaData block) throws IOException {
    ColumnChunkMetaData chunk = chunk(block, ColumnPath.get(column.getPath()));
    return chunk.getOffsetIndexReference() == null ? null : reader.readOffsetIndex(chunk);
  }

  private static int pageOf(OffsetIndex pages, long row) {
    int page = 0;
    while (page + 1 < pages.getPageCount() && pages.getFirstRowIndex(page + 1) <= row) {
      page++;
    }
    return page;
  }

  @Override
  public void close() {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
