package org.chameleon.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.schema.MessageType;

/** Values of a column that were fetched together, of one run of rows after another. */
final class ParquetStretch {
  private final Pages pages;
  private final ColumnReader reader;
  private final int maxDefinitionLevel;
  private final long[] firsts;
  private final long[] ends;
  private int run;
  private long next;

  /**
   * Creates a stretch.
   *
   * @param fetched pages of the runs, one after the other
   * @param dictionary of their chunk, if it was not fetched with them; else null
   * @param schema has the column alone
   * @param writer that the file names
   * @param firsts first row of each run, ascending
   * @param ends row behind each run
   */
  ParquetStretch(
      PageReadStore fetched,
      DictionaryPage dictionary,
      MessageType schema,
      String writer,
      long[] firsts,
      long[] ends) {
    ColumnDescriptor column = schema.getColumns().get(0);
    this.pages = new Pages(fetched, dictionary);
    this.reader =
        new ColumnReadStoreImpl(
                pages, new DummyRecordConverter(schema).getRootConverter(), schema, writer)
            .getColumnReader(column);
    this.maxDefinitionLevel = column.getMaxDefinitionLevel();
    this.firsts = firsts;
    this.ends = ends;
    this.next = firsts[0];
  }

  /** Returns the dictionary of the chunk, null if it has none. */
  DictionaryPage dictionary() {
    return pages.dictionary;
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
        if (reader.getCurrentDefinitionLevel() == maxDefinitionLevel) {
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
}
