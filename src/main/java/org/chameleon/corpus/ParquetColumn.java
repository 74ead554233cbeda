package org.chameleon.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
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
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * One column of a Parquet file, read forwards row by row. Only the page that holds the next row is
 * fetched where the file has a page index, and the chunk of its row group otherwise.
 */
final class ParquetColumn implements AutoCloseable {
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final ColumnDescriptor column;
  private final ReadPattern pattern;
  private ColumnReader values;
  private long next;
  private long end;

  ParquetColumn(CorpusFile file, MessageType schema, ReadPattern pattern, Configuration hadoop)
      throws IOException {
    this.pattern = pattern;
    this.reader = ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file.path()), hadoop));
    this.schema = schema;
    this.column = schema.getColumns().get(0);
    reader.setRequestedSchema(schema);
  }

  /** Returns the bytes at a row, or null. */
  ByteBuffer bytes(long row) throws IOException {
    moveTo(row);
    next = row + 1;
    ByteBuffer bytes =
        values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()
            ? values.getBinary().toByteBuffer()
            : null;
    values.consume();
    return bytes;
  }

  /** Returns the list of whole numbers at a row, empty where it is null. */
  long[] numbers(long row) throws IOException {
    moveTo(row);
    next = row + 1;
    boolean wide = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    long[] numbers = new long[16];
    int count = 0;
    do {
      if (values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = wide ? values.getLong() : values.getInteger();
      }
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    return Arrays.copyOf(numbers, count);
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
    List<BlockMetaData> groups = reader.getRowGroups();
    int group = 0;
    long first = 0;
    while (row >= first + groups.get(group).getRowCount()) {
      first += groups.get(group++).getRowCount();
    }
    BlockMetaData block = groups.get(group);
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
    ColumnPath path = ColumnPath.get(column.getPath());
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (chunk.getPath().equals(path)) {
        return chunk.getOffsetIndexReference() == null ? null : reader.readOffsetIndex(chunk);
      }
    }
    return null;
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
      reader.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
