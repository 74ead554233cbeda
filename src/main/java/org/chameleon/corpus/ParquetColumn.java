package org.chameleon.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
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
 * One column of a Parquet file, read forwards row by row. Where the file has a page index and it is
 * told which rows will be asked for, only their pages are fetched, those of a row group at once;
 * otherwise the chunk of a row group.
 */
final class ParquetColumn implements AutoCloseable {
  private static final int PAGE_BUFFER = 4096;

  private final ParquetFooter footer;
  private final ParquetFileReader reader;

  private final PageFiles files;

  /** Opened when a page is asked for that was not expected: its dictionary is at hand by then. */
  private ParquetFileReader readerOfPages;

  private final MessageType schema;
  private final ColumnDescriptor column;
  private final long[] expected;
  private ParquetStretch values;
  private ParquetStretch aside;
  private int group = -1;

  private ParquetColumn(
      ParquetFooter footer,
      ParquetFileReader reader,
      PageFiles files,
      MessageType schema,
      long[] expected) {
    this.footer = footer;
    this.reader = reader;
    this.files = files;
    this.schema = schema;
    this.column = schema == null ? null : schema.getColumns().get(0);
    this.expected = expected;
  }

  /**
   * Opens a column.
   *
   * @param schema has that column alone
   * @param expected rows that will be asked for, ascending, others now and then; null where most
   *     will be
   * @throws InvalidInputException if its codec is not at hand, or it does not lie in the file
   */
  @SuppressWarnings("deprecation") // the only constructor that takes a footer
  static ParquetColumn open(
      CorpusFile file,
      ParquetFooter footer,
      MessageType schema,
      long[] expected,
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
    if (expected != null) {
      // Local files are read through a buffer, of 64 KiB in Spark: more than a page that is wanted.
      settings.setInt(CommonConfigurationKeysPublic.IO_FILE_BUFFER_SIZE_KEY, PAGE_BUFFER);
    }
    ParquetFileReader reader = new ParquetFileReader(settings, source, footer.metadata());
    reader.setRequestedSchema(schema);
    PageFiles files =
        () -> new ParquetFileReader(settings, source, footer.withoutDictionaries(path));
    return new ParquetColumn(footer, reader, files, schema, expected);
  }

  /** Returns a column of nothing but null. */
  static ParquetColumn ofNulls() {
    return new ParquetColumn(null, null, null, null, null);
  }

  private static void requireReadable(
      CorpusFile file, ColumnPath path, BlockMetaData group, Configuration hadoop) {
    ColumnChunkMetaData chunk = ParquetFooter.chunk(group, path);
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

  /** Returns the bytes of the row group that was read last, for messages. */
  long groupBytes() {
    return group < 0 ? 0 : footer.groups().get(group).getTotalByteSize();
  }

  /** Returns the bytes at a row, or null. */
  ByteBuffer bytes(long row) throws IOException {
    if (reader == null) {
      return null;
    }
    ParquetStretch at = at(row);
    ColumnReader found = at.moveTo(row);
    ByteBuffer bytes =
        found.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()
            ? found.getBinary().toByteBuffer()
            : null;
    found.consume();
    at.passed();
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
    ParquetStretch at = at(row);
    ColumnReader found = at.moveTo(row);
    boolean wide = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    int elementLevel = elementLevel();
    long[] numbers = new long[16];
    int count = 0;
    do {
      int level = found.getCurrentDefinitionLevel();
      if (level >= elementLevel) {
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] =
            level < column.getMaxDefinitionLevel()
                ? RowReader.NO_NUMBER
                : wide ? found.getLong() : found.getInteger();
      }
      found.consume();
    } while (found.getCurrentRepetitionLevel() > 0);
    at.passed();
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

  /**
   * Returns the stretch that has a row; one that lies apart from those expected is fetched alone.
   */
  private ParquetStretch at(long row) throws IOException {
    if (values != null && values.has(row)) {
      return values;
    }
    if (aside != null && aside.has(row)) {
      return aside;
    }
    int there = footer.groupOf(row);
    boolean first = there != group;
    group = there;
    long from = footer.firstRow(group);
    BlockMetaData block = footer.groups().get(group);
    OffsetIndex pages = expected == null ? null : offsetIndex(block);
    ParquetStretch opened =
        pages == null ? whole(block, from) : pages(block, from, pages, row, first);
    if (first) {
      values = opened;
      aside = null;
    } else {
      aside = opened;
    }
    return opened;
  }

  private ParquetStretch whole(BlockMetaData block, long from) throws IOException {
    long end = from + block.getRowCount();
    PageReadStore pages = reader.readRowGroup(group);
    return new ParquetStretch(pages, null, schema, writer(), new long[] {from}, new long[] {end});
  }

  private ParquetStretch pages(
      BlockMetaData block, long from, OffsetIndex pages, long row, boolean all) throws IOException {
    TreeSet<Integer> wanted = new TreeSet<>();
    wanted.add(pageOf(pages, row - from));
    if (all) {
      long end = from + block.getRowCount();
      int low = Arrays.binarySearch(expected, row);
      for (int i = low < 0 ? -low - 1 : low; i < expected.length && expected[i] < end; i++) {
        wanted.add(pageOf(pages, expected[i] - from));
      }
    }
    int[] numbers = wanted.stream().mapToInt(Integer::intValue).toArray();
    RowRanges ranges =
        RowRanges.create(block.getRowCount(), IntStream.of(numbers).iterator(), pages);
    long[] firsts =
        IntStream.of(numbers).mapToLong(page -> from + pages.getFirstRowIndex(page)).toArray();
    long[] ends =
        IntStream.of(numbers)
            .mapToLong(page -> from + pages.getLastRowIndex(page, block.getRowCount()) + 1)
            .toArray();
    DictionaryPage dictionary = all ? null : values.dictionary();
    PageReadStore read = (all ? reader : readerOfPages()).readFilteredRowGroup(group, ranges);
    CheckedPages checked = new CheckedPages(read, firsts, ends);
    return new ParquetStretch(checked, dictionary, schema, writer(), firsts, ends);
  }

  private String writer() {
    return reader.getFileMetaData().getCreatedBy();
  }

  private ParquetFileReader readerOfPages() throws IOException {
    if (readerOfPages == null) {
      readerOfPages = files.open();
      readerOfPages.setRequestedSchema(schema);
    }
    return readerOfPages;
  }

  private OffsetIndex offsetIndex(BlockMetaData block) throws IOException {
    ColumnChunkMetaData chunk = ParquetFooter.chunk(block, ColumnPath.get(column.getPath()));
    if (chunk.getOffsetIndexReference() == null) {
      return null;
    }
    try {
      OffsetIndex pages = reader.readOffsetIndex(chunk);
      return isSound(pages, chunk, block.getRowCount()) ? pages : null;
    } catch (IOException | RuntimeException e) {
      // The chunk says all that its index would; a storage that fails does so there too.
      return null;
    }
  }

  /** Whether pages follow one another, as all writers place them, from the first to the last. */
  private static boolean isSound(OffsetIndex pages, ColumnChunkMetaData chunk, long rows) {
    int count = pages.getPageCount();
    boolean sound =
        count > 0
            && pages.getFirstRowIndex(0) == 0
            && pages.getFirstRowIndex(count - 1) < rows
            && pages.getOffset(0) == chunk.getFirstDataPageOffset();
    for (int i = 1; sound && i < count; i++) {
      sound =
          pages.getFirstRowIndex(i) > pages.getFirstRowIndex(i - 1)
              && pages.getOffset(i) == pages.getOffset(i - 1) + pages.getCompressedPageSize(i - 1);
    }
    return sound
        && pages.getOffset(count - 1) + pages.getCompressedPageSize(count - 1)
            == chunk.getStartingPos() + chunk.getTotalSize();
  }

  /** Pages are many, and in order. */
  private static int pageOf(OffsetIndex pages, long row) {
    int low = 0;
    int high = pages.getPageCount() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (pages.getFirstRowIndex(middle) <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Opens the file once more, for pages without the dictionary of their chunk. */
  @FunctionalInterface
  private interface PageFiles {
    ParquetFileReader open() throws IOException;
  }

  @Override
  public void close() {
    try {
      if (reader != null) {
        reader.close();
      }
      if (readerOfPages != null) {
        readerOfPages.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
