package org.chameleon.embedding;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows that are sorted by their first column, a name, numbered among those of the same name. Those
 * of one name may be in many partitions.
 */
final class NumberedRows {
  private final Dataset<Row> sorted;

  NumberedRows(Dataset<Row> sorted) {
    this.sorted = sorted;
  }

  /** How a partition begins and ends. */
  private record Edges(int part, String first, String last, int rowsOfLast)
      implements Serializable {}

  /** Returns the rows with a further column, int: their number, from 0. */
  Dataset<Row> numbered(String column) {
    // One RDD, so that both passes read the same partitions of the same shuffle.
    JavaRDD<Row> rows = sorted.toJavaRDD();
    List<Edges> edges =
        new ArrayList<>(rows.mapPartitionsWithIndex(NumberedRows::edges, false).collect());
    int[] starts = new int[rows.getNumPartitions()];
    String open = null;
    int count = 0;
    for (Edges part : edges) {
      starts[part.part()] = part.first().equals(open) ? count : 0;
      boolean one = part.first().equals(part.last());
      count = part.rowsOfLast() + (one ? starts[part.part()] : 0);
      open = part.last();
    }
    StructType schema = sorted.schema().add(column, DataTypes.IntegerType, false);
    return sorted
        .sparkSession()
        .createDataFrame(
            rows.mapPartitionsWithIndex((part, all) -> numbered(all, starts[part]), false), schema);
  }

  private static Iterator<Edges> edges(int part, Iterator<Row> rows) {
    String first = null;
    String last = null;
    int ofLast = 0;
    while (rows.hasNext()) {
      String name = rows.next().getString(0);
      ofLast = name.equals(last) ? ofLast + 1 : 1;
      first = first == null ? name : first;
      last = name;
    }
    return first == null
        ? List.<Edges>of().iterator()
        : List.of(new Edges(part, first, last, ofLast)).iterator();
  }

  private static Iterator<Row> numbered(Iterator<Row> rows, int start) {
    return new Iterator<>() {
      private String name;
      private int next = start;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        next = name == null || row.getString(0).equals(name) ? next : 0;
        name = row.getString(0);
        Object[] values = new Object[row.size() + 1];
        for (int i = 0; i < row.size(); i++) {
          values[i] = row.get(i);
        }
        values[row.size()] = next++;
        return RowFactory.create(values);
      }
    };
  }
}
