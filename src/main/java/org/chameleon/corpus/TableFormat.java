package org.chameleon.corpus;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;

/**
 * A folder that is a table: which of its files belong to it now, its log says, not the listing. The
 * format's own library answers, as a Spark data source; documents are then read from the files.
 */
enum TableFormat {
  /** Delta Lake. */
  DELTA("_delta_log", "\\d{20}\\.json", "io.delta:delta-spark_2.12:3.3.2") {
    @Override
    long version(SparkSession spark, Path table, FileStatus[] log) {
      return Arrays.stream(log)
          .map(file -> file.getPath().getName())
          .filter(name -> name.matches(marker))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
          .max()
          .orElseThrow();
    }

    @Override
    List<String> paths(SparkSession spark, Path table, long version) {
      Dataset<Row> rows =
          spark.read().format("delta").option("versionAsOf", version).load(table.toString());
      String[] files = rows.inputFiles();
      requireNoDeletedRows(rows, files, table);
      return List.of(files);
    }

    /** Rows deleted by a vector are in the files still: the table then has fewer than they. */
    private void requireNoDeletedRows(Dataset<Row> rows, String[] files, Path table) {
      long inFiles = files.length == 0 ? 0 : plain(rows).parquet(files).count();
      if (rows.count() != inFiles) {
        throw deletedRows(table, "REORG TABLE … APPLY (PURGE)");
      }
    }

    /** A reader to which a name with braces or stars is a name, not a pattern. */
    private DataFrameReader plain(Dataset<Row> rows) {
      return rows.sparkSession().read().option("__globPaths__", false);
    }
  },

  /** Apache Iceberg. */
  ICEBERG(
      "metadata",
      ".*\\.metadata\\.json",
      "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0") {
    @Override
    long version(SparkSession spark, Path table, FileStatus[] log) {
      List<Row> snapshots =
          metadata(spark, table, "refs")
              .where(col("name").equalTo("main"))
              .select("snapshot_id")
              .collectAsList();
      if (snapshots.isEmpty()) {
        throw new InvalidInputException(
            "Cannot use Iceberg table %s: nothing was ever written to it.".formatted(table));
      }
      return snapshots.get(0).getLong(0);
    }

    @Override
    List<String> paths(SparkSession spark, Path table, long version) {
      List<Row> files =
          spark
              .read()
              .format("iceberg")
              .option("snapshot-id", version)
              .load(table + "#files")
              .select("content", "file_path", "file_format")
              .collectAsList();
      for (Row file : files) {
        if (file.getInt(0) != 0) {
          throw deletedRows(table, "CALL system.rewrite_data_files(…)");
        }
        if (!file.getString(2).equalsIgnoreCase("parquet")) {
          throw new InvalidInputException(
              "Cannot use Iceberg table %s: %s is %s, not Parquet."
                  .formatted(table, file.getString(1), file.getString(2)));
        }
      }
      return files.stream().map(file -> file.getString(1)).toList();
    }

    @Override
    boolean keepsPartitionColumns() {
      return true;
    }

    private Dataset<Row> metadata(SparkSession spark, Path table, String what) {
      return spark.read().format("iceberg").load(table + "#" + what);
    }
  };

  private final String logFolder;
  final String marker;
  private final String library;

  TableFormat(String logFolder, String marker, String library) {
    this.logFolder = logFolder;
    this.marker = marker;
    this.library = library;
  }

  /** Returns the format of a folder, if it is a table. */
  static Optional<TableFormat> of(FileSystem fileSystem, Path folder) throws IOException {
    for (TableFormat format : values()) {
      if (format.log(fileSystem, folder).length > 0) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private FileStatus[] log(FileSystem fileSystem, Path folder) throws IOException {
    Path log = new Path(folder, logFolder);
    return fileSystem.exists(log)
        ? fileSystem.listStatus(log, path -> path.getName().matches(marker))
        : new FileStatus[0];
  }

  /** Returns the table as it is now. */
  CorpusTable table(SparkSession spark, FileSystem fileSystem, Path folder) throws IOException {
    FileStatus[] log = log(fileSystem, folder);
    return asked(
        folder, () -> new CorpusTable(folder.toString(), toString(), version(spark, folder, log)));
  }

  /** Returns the URIs of the files that belong to a table at its version. */
  List<String> files(SparkSession spark, CorpusTable table) {
    Path folder = new Path(table.path());
    return asked(folder, () -> paths(spark, folder, table.version()));
  }

  /** Returns whether its files hold the columns that it is partitioned by. */
  boolean keepsPartitionColumns() {
    return false;
  }

  abstract long version(SparkSession spark, Path table, FileStatus[] log);

  abstract List<String> paths(SparkSession spark, Path table, long version);

  /** A question to the format's library. */
  private interface Question<T> {
    T ask() throws Exception;
  }

  /** Asks, and says which library is missing where there is none; Spark's exception is checked. */
  private <T> T asked(Path table, Question<T> question) {
    try {
      return question.ask();
    } catch (InvalidInputException e) {
      throw e;
    } catch (Exception | NoClassDefFoundError e) {
      boolean missing =
          String.valueOf(e.getMessage()).contains("DATA_SOURCE_NOT_FOUND")
              || e instanceof ClassNotFoundException;
      throw new InvalidInputException(
          missing
              ? "Cannot use %s table %s: Spark has no library for it. Give spark-submit --packages %s (of your Spark's version)."
                  .formatted(this, table, library)
              : "Cannot use %s table %s: %s".formatted(this, table, e.getMessage()),
          e);
    }
  }

  InvalidInputException deletedRows(Path table, String remedy) {
    return new InvalidInputException(
        "Cannot use %s table %s: it has deleted rows that are in its files still. Rewrite them first (%s)."
            .formatted(this, table, remedy));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
