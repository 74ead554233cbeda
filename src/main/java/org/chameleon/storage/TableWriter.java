package org.chameleon.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Writes tables on executors so that equal rows give equal bytes under equal names. */
public final class TableWriter {
  private static final int ROWS_PER_FILE = 1 << 16;
  private static final int MOST_FILES = 10_000;

  /** Rows of domains that a task writes, about. */
  private static final int ROWS_PER_TASK = 1 << 13;

  private static final String FILE = "file name";

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
                  return new Table(List.of(write(part, file, schema, hadoop)));
                })
            .stream()
            .flatMap(table -> table.files().stream())
            .toList();
  }

  /** Files of a table. */
  private record Table(List<FileRecord> files) implements PartWriter.Part {}

  /**
   * Writes a table whose rows are in files by their domain, as {@link DomainParts} names them: the
   * bytes of a file depend on its own rows alone. Where there are no rows, no file is written.
   *
   * @param folder URI of the files' folder
   * @param count how many rows there are about: it sets the number of tasks
   * @param number the column that numbers the rows of a domain
   * @return the files, by name
   */
  public static List<FileRecord> writeByDomain(
      Dataset<Row> rows, String folder, long count, DomainParts parts, String number) {
    StructType schema = rows.schema();
    int name = schema.size();
    long tasks = (count + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
    JavaRDD<Row> named =
        rows.withColumn(FILE, parts.fileOf(functions.col(number)))
            .repartition((int) Math.max(1, Math.min(MOST_FILES, tasks)), functions.col(FILE))
            .sortWithinPartitions(
                functions.col(FILE), functions.col(DomainParts.DOMAIN), functions.col(number))
            .toJavaRDD();
    return new PartWriter(rows.sparkSession(), folder)
            .write(
                named,
                (index, part, into, hadoop) ->
                    new Table(writeFiles(part, name, into, schema, hadoop)))
            .stream()
            .flatMap(table -> table.files().stream())
            .sorted(Comparator.comparing(FileRecord::path))
            .toList();
  }

  /** Begins another file where the name of the file changes. */
  private static List<FileRecord> writeFiles(
      Iterator<Row> rows, int name, Path into, StructType schema, Configuration hadoop)
      throws IOException {
    List<FileRecord> files = new ArrayList<>();
    Row row = next(rows);
    while (row != null) {
      String file = row.getString(name);
      RowWriter writer = open(new Path(into, file), schema, hadoop);
      try (writer) {
        while (row != null && row.getString(name).equals(file)) {
          writer.write(row);
          row = next(rows);
        }
      }
      files.add(writer.record());
    }
    return files;
  }

  private static Row next(Iterator<Row> rows) {
    return rows.hasNext() ? rows.next() : null;
  }

  /** Writes a table as one Parquet file, here. */
  public static FileRecord writeFile(
      Iterator<Row> rows, StructType schema, Path file, Configuration hadoop) throws IOException {
    return write(rows, file, schema, hadoop);
  }

  private static FileRecord write(
      Iterator<Row> rows, Path file, StructType schema, Configuration hadoop) throws IOException {
    RowWriter writer = open(file, schema, hadoop);
    try (writer) {
      while (rows.hasNext()) {
        writer.write(rows.next());
      }
    }
    return writer.record();
  }

  private static RowWriter open(Path file, StructType schema, Configuration hadoop)
      throws IOException {
    return RowWriter.open(HashedFile.create(file, hadoop), schema, RowWriter.Settings.STANDARD);
  }
}
