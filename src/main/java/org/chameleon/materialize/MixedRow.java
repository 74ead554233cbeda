package org.chameleon.materialize;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.corpus.Document;

/** A copy of a document on its way to its place, as Spark shuffles it. */
final class MixedRow {
  static final String PLACE = "place";
  static final String[] ORDER = {PLACE, "file", "row", "copy"};

  private static final int DOMAIN = 1;
  private static final int CONTENT = 2;
  private static final int TOKENS = 3;
  private static final int FILE = 4;
  private static final int ROW = 5;
  private static final int COPY = 6;

  private MixedRow() {}

  /** Returns the columns, for a corpus of text or of token ids. */
  static StructType schema(boolean ids) {
    return new StructType()
        .add(PLACE, DataTypes.LongType, false)
        .add("domain", DataTypes.StringType, false)
        .add("content", contentType(ids), false)
        .add("tokens", DataTypes.IntegerType, false)
        .add("file", DataTypes.StringType, false)
        .add("row", DataTypes.LongType, false)
        .add("copy", DataTypes.IntegerType, false);
  }

  /** Returns the type of a text, or of token ids. */
  static DataType contentType(boolean ids) {
    return ids ? DataTypes.createArrayType(DataTypes.IntegerType, false) : DataTypes.StringType;
  }

  static Row of(Document document, long place, int tokens, int copy) {
    Object content = document.tokens() == null ? document.text() : document.tokens();
    return RowFactory.create(
        place, document.domain(), content, tokens, document.file(), document.row(), copy);
  }

  /** Returns what is written of a row: domain, content, file and row. */
  static Row published(Row row) {
    return RowFactory.create(row.get(DOMAIN), row.get(CONTENT), row.get(FILE), row.get(ROW));
  }

  static String domain(Row row) {
    return row.getString(DOMAIN);
  }

  /** Returns the token ids of a corpus of them. */
  static List<Integer> ids(Row row) {
    return row.getList(CONTENT);
  }

  static String text(Row row) {
    return row.getString(CONTENT);
  }

  static int tokens(Row row) {
    return row.getInt(TOKENS);
  }

  static String file(Row row) {
    return row.getString(FILE);
  }

  static long row(Row row) {
    return row.getLong(ROW);
  }

  static boolean isFirst(Row row) {
    return row.getInt(COPY) == 0;
  }
}
