package org.chameleon.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Writes tables on executors so that equal rows give equal bytes under equal names. */
public final class TableWriter {
  private static final int ROWS_PER_FILE = 1 << 16;
  private static final int MOST_FILES = 10_000;

  private TableWriter() {}

  /**
   * Writes a table of Parquet files {@code part-NNNNN.parquet}, rows in the order of a key; they
   * are hashed on the way, and no byte of them passes the driver.
   *
   * @param folder URI of the files' folder
   * @param count how many rows there are about: it sets the number of files
   * @return the files, by name
   */
  public static List<FileRecord> write(
      Dataset<Row> rows, String folder, long count, String... key) {
    long files = (count + ROWS_PER_FILE - 1) / ROWS_PER_FILE;
    Column[] order = Arrays.stream(key).map(functions::col).toArray(Column[]::new);
    return writeParts(
        rows.repartition((int) Math.max(1, Math.min(MOST_FILES, files)), order)
            .sortWithinPartitions(order),
        folder);
  }

  /** Writes a table with a file for each of its partitions, rows in their order. */
  public static List<FileRecord> writeParts(Dataset<Row> rows, String folder) {
    StructType schema = rows.schema();
    return new PartWriter(rows.sparkSession(), folder)
            .write(
                rows.toJavaRDD(),
                (index, part, into, hadoop) -> {
                  Path file = new Path(into, "part-%05d.parquet".formatted(index));
                  return new Table(write(part, file, schema, hadoop));
                })
            .stream()
            .map(Table::file)
            .toList();
  }

  /** One file of a table. */
  private record Table(FileRecord file) implements PartWriter.Part {}

  /** Writes a small table as one Parquet file, here. */
  public static FileRecord writeFile(
      List<Row> rows, StructType schema, Path file, Configuration hadoop) throws IOException {
    return write(rows.iterator(), file, schema, hadoop);
  }

  private static FileRecord write(
      Iterator<Row> rows, Path file, StructType schema, Configuration hadoop) throws IOException {
    RowWriter.Settings settings = RowWriter.Settings.STANDARD;
    RowWriter writer = RowWriter.open(HashedFile.create(file, hadoop), schema, settings);
    try (writer) {
      while (rows.hasNext()) {
        writer.write(rows.next());
      }
    }
    return writer.record();
  }
}
