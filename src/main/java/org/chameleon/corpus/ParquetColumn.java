package org.chameleon.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
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
  private Stretch values;
  private Stretch aside;
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
        () -> new ParquetFileReader(settings, source, withoutDictionaries(footer.metadata(), path));
    return new ParquetColumn(footer, reader, files, schema, expected);
  }

  /** Returns a column of nothing but null. */
  static ParquetColumn ofNulls() {
    return new ParquetColumn(null, null, null, null, null);
  }

  /** Returns a footer of one column that tells of no dictionary, so that none is fetched. */
  private static ParquetMetadata withoutDictionaries(ParquetMetadata footer, ColumnPath path) {
    List<BlockMetaData> groups = new ArrayList<>();
    for (BlockMetaData group : footer.getBlocks()) {
      ColumnChunkMetaData chunk = chunk(group, path);
      ColumnChunkMetaData without =
          ColumnChunkMetaData.get(
              path,
              chunk.getPrimitiveType(),
              chunk.getCodec(),
              chunk.getEncodingStats(),
              chunk.getEncodings(),
              chunk.getStatistics(),
              chunk.getFirstDataPageOffset(),
              0,
              chunk.getValueCount(),
              chunk.getTotalSize(),
              chunk.getTotalUncompressedSize());
      without.setOffsetIndexReference(chunk.getOffsetIndexReference());
      without.setRowGroupOrdinal(group.getOrdinal());
      BlockMetaData one = new BlockMetaData();
      one.setRowCount(group.getRowCount());
      one.setTotalByteSize(group.getTotalByteSize());
      one.setOrdinal(group.getOrdinal());
      one.addColumn(without);
      groups.add(one);
    }
    return new ParquetMetadata(footer.getFileMetaData(), groups);
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
    return group < 0 ? 0 : footer.groups().get(group).getTotalByteSize();
  }

  /** Returns the bytes at a row, or null. */
  ByteBuffer bytes(long row) throws IOException {
    if (reader == null) {
      return null;
    }
    Stretch at = at(row);
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
    Stretch at = at(row);
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
  private Stretch at(long row) throws IOException {
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
    Stretch opened = pages == null ? whole(block, from) : pages(block, from, pages, row, first);
    if (first) {
      values = opened;
      aside = null;
    } else {
      aside = opened;
    }
    return opened;
  }

  private Stretch whole(BlockMetaData block, long from) throws IOException {
    long end = from + block.getRowCount();
    Pages store = new Pages(reader.readRowGroup(group), null);
    return new Stretch(store, new long[] {from}, new long[] {end});
  }

  private Stretch pages(BlockMetaData block, long from, OffsetIndex pages, long row, boolean all)
      throws IOException {
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
    return new Stretch(
        all ? new Pages(reader.readFilteredRowGroup(group, ranges), null) : alone(ranges),
        IntStream.of(numbers).mapToLong(page -> from + pages.getFirstRowIndex(page)).toArray(),
        IntStream.of(numbers)
            .mapToLong(page -> from + pages.getLastRowIndex(page, block.getRowCount()) + 1)
            .toArray());
  }

  private Pages alone(RowRanges ranges) throws IOException {
    if (readerOfPages == null) {
      readerOfPages = files.open();
      readerOfPages.setRequestedSchema(schema);
    }
    return new Pages(readerOfPages.readFilteredRowGroup(group, ranges), values.store.dictionary);
  }

  private OffsetIndex offsetIndex(BlockMetaData block) throws IOException {
    ColumnChunkMetaData chunk = chunk(block, ColumnPath.get(column.getPath()));
    return chunk.getOffsetIndexReference() == null ? null : reader.readOffsetIndex(chunk);
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

  /** Pages of the column, and the dictionary of their chunk: theirs, or that of pages before. */
  private static final class Pages implements PageReadStore {
    private final PageReadStore fetched;
    private DictionaryPage dictionary;

    Pages(PageReadStore fetched, DictionaryPage dictionary) {
      this.fetched = fetched;
      this.dictionary = dictionary;
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
      PageReader pages = fetched.getPageReader(column);
      return new PageReader() {
        @Override
        public DictionaryPage readDictionaryPage() {
          DictionaryPage own = pages.readDictionaryPage();
          if (own != null) {
            dictionary = copy(own);
          }
          return dictionary;
        }

        @Override
        public long getTotalValueCount() {
          return pages.getTotalValueCount();
        }

        @Override
        public DataPage readPage() {
          return pages.readPage();
        }
      };
    }

    private static DictionaryPage copy(DictionaryPage page) {
      try {
        return page.copy();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public long getRowCount() {
      return fetched.getRowCount();
    }
  }

  /** Values that were fetched together, of one run of rows after another. */
  private final class Stretch {
    private final Pages store;
    private final ColumnReader reader;
    private final long[] firsts;
    private final long[] ends;
    private int run;
    private long next;

    Stretch(Pages store, long[] firsts, long[] ends) {
      this.store = store;
      String writer = ParquetColumn.this.reader.getFileMetaData().getCreatedBy();
      this.reader =
          new ColumnReadStoreImpl(
                  store, new DummyRecordConverter(schema).getRootConverter(), schema, writer)
              .getColumnReader(column);
      this.firsts = firsts;
      this.ends = ends;
      this.next = firsts[0];
    }

    /** Returns whether a row is still to come. */
    boolean has(long row) {
      int at = Arrays.binarySearch(firsts, row);
      int of = at < 0 ? -at - 2 : at;
      return row >= next && of >= run && row < ends[of];
    }

    /** Returns the reader, at a row that is still to come. */
    ColumnReader moveTo(long row) {
      while (next < row) {
        do {
          if (reader.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
            reader.skip();
          }
          reader.consume();
        } while (reader.getCurrentRepetitionLevel() > 0);
        passed();
      }
      return reader;
    }

    /** A row's values have been consumed. */
    void passed() {
      next++;
      if (next == ends[run] && run + 1 < firsts.length) {
        run++;
        next = firsts[run];
      }
    }
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
