package org.chameleon;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.chameleon.config.InvalidInputException;

/** Writes tables below a folder so that equal rows give equal bytes under equal names. */
final class TableWriter {
  private static final int PART_NAME = "part-00000".length();
  private static final int ROWS_PER_FILE = 1 << 16;

  private final FileSystem fileSystem;
  private final Path root;

  TableWriter(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
  }

  /**
   * Writes a table of Parquet files {@code part-NNNNN.parquet}, rows in the order of a key.
   *
   * @param count how many rows there are about: it sets the number of files
   */
  void write(Dataset<Row> rows, long count, String name, String... key) {
    int files = (int) Math.max(1, Math.min(10_000, (count + ROWS_PER_FILE - 1) / ROWS_PER_FILE));
    Column[] order = Arrays.stream(key).map(functions::col).toArray(Column[]::new);
    writeParts(
        rows.repartition(files, order).sortWithinPartitions(order),
        name,
        part -> new Path(new Path(root, name), part.substring(0, PART_NAME) + ".parquet"));
  }

  /** Writes a small table as one Parquet file. */
  void writeFile(Dataset<Row> rows, String name, String key) {
    String folder = name + ".parts";
    writeParts(rows.coalesce(1).sortWithinPartitions(key), folder, part -> new Path(root, name));
    try {
      fileSystem.delete(new Path(root, folder), true);
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /** Writes what Spark makes of a table, moves its parts, and leaves no marker files. */
  private void writeParts(Dataset<Row> rows, String folder, Function<String, Path> target) {
    rows.write().mode(SaveMode.Overwrite).parquet(new Path(root, folder).toString());
    try {
      for (FileStatus file : fileSystem.listStatus(new Path(root, folder))) {
        String found = file.getPath().getName();
        if (found.startsWith("part-")) {
          ParquetFooter.moveSorted(fileSystem, file, target.apply(found));
        } else {
          fileSystem.delete(file.getPath(), true);
        }
      }
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private InvalidInputException failed(String folder, IOException cause) {
    return new InvalidInputException(
        "Cannot write %s: %s.".formatted(new Path(root, folder), cause.getMessage()), cause);
  }
}
