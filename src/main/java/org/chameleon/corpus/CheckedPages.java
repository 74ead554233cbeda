package org.chameleon.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Pages that were found by an index, each with as many rows as that says: else a row read from them
 * would be another than the one that was asked for.
 */
final class CheckedPages implements PageReadStore {
  private final PageReadStore found;
  private final long[] firsts;
  private final long[] ends;

  /**
   * Creates pages.
   *
   * @param firsts first row of each, as the index has it
   * @param ends row behind each
   */
  CheckedPages(PageReadStore found, long[] firsts, long[] ends) {
    this.found = found;
    this.firsts = firsts;
    this.ends = ends;
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    PageReader pages = found.getPageReader(column);
    return new PageReader() {
      private int next;

      @Override
      public DictionaryPage readDictionaryPage() {
        return pages.readDictionaryPage();
      }

      @Override
      public long getTotalValueCount() {
        return pages.getTotalValueCount();
      }

      @Override
      public DataPage readPage() {
        DataPage page = pages.readPage();
        if (page == null) {
          return null;
        }
        boolean listed = column.getMaxRepetitionLevel() > 0;
        DataPage kept = listed && page instanceof DataPageV1 v1 ? again(v1) : page;
        require(rows(kept, column));
        return kept;
      }

      private void require(long rows) {
        if (next == firsts.length || rows != ends[next] - firsts[next]) {
          throw new ParquetDecodingException(
              "a page has %d rows, by the page index it would have others".formatted(rows));
        }
        next++;
      }
    };
  }

  /** Returns a page whose bytes can be read twice: where they are compressed they come once. */
  private static DataPageV1 again(DataPageV1 page) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      page.getBytes().writeAllTo(bytes);
      return new DataPageV1(
          BytesInput.from(bytes.toByteArray()),
          page.getValueCount(),
          page.getUncompressedSize(),
          page.getStatistics(),
          page.getRlEncoding(),
          page.getDlEncoding(),
          page.getValueEncoding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long rows(DataPage page, ColumnDescriptor column) {
    if (page instanceof DataPageV2 v2) {
      return v2.getRowCount();
    }
    return column.getMaxRepetitionLevel() == 0
        ? page.getValueCount()
        : records((DataPageV1) page, column);
  }

  /** Counts the values with which a row begins. */
  private static long records(DataPageV1 page, ColumnDescriptor column) {
    ValuesReader levels = page.getRlEncoding().getValuesReader(column, ValuesType.REPETITION_LEVEL);
    try {
      levels.initFromPage(page.getValueCount(), page.getBytes().toInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long records = 0;
    for (int i = 0; i < page.getValueCount(); i++) {
      records += levels.readInteger() == 0 ? 1 : 0;
    }
    return records;
  }

  @Override
  public long getRowCount() {
    return found.getRowCount();
  }
}
