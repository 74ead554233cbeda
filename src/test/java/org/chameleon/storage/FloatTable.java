package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.chameleon.TestSpark;

/**
 * A table of 4,000 bytes a row that no codec makes smaller, written by four tasks, and what the
 * thread that asks for it reads meanwhile.
 *
 * @param files of the table
 * @param driverBytes that the calling thread read
 * @param seconds that it took
 */
record FloatTable(List<FileRecord> files, long driverBytes, double seconds) {

  static FloatTable write(long rows, Path folder) {
    Dataset<Row> table =
        TestSpark.session()
            .range(0, rows, 1, 4)
            .select(
                functions.col("id"),
                functions.expr(
                    "transform(sequence(1, 1000), i -> cast(xxhash64(id, i) as float)) as floats"));
    long before = bytesOfThisThread();
    long start = System.nanoTime();
    List<FileRecord> files = TableWriter.writeParts(table, folder.toUri().toString());
    return new FloatTable(files, bytesOfThisThread() - before, (System.nanoTime() - start) / 1e9);
  }

  long bytes() {
    return files.stream().mapToLong(FileRecord::bytes).sum();
  }

  @SuppressWarnings("deprecation") // what replaces it does not tell threads apart
  static long bytesOfThisThread() {
    return FileSystem.getAllStatistics().stream()
        .mapToLong(s -> s.getThreadStatistics().getBytesRead())
        .sum();
  }

  /** Flips one bit in the middle of a part. */
  void flip(Path folder, int part) throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve(files.get(part).path()).toFile(), "rw")) {
      long middle = file.length() / 2;
      file.seek(middle);
      int value = file.read();
      file.seek(middle);
      file.write(value ^ 1);
    }
  }

  /** Returns what executors find wrong with the files. */
  List<String> problems(Path folder) {
    Folder table = Folder.at(folder.toUri().toString(), new Configuration());
    return Verifier.onExecutors(table, TestSpark.session())
        .problems(files, List.of(""), "by the test");
  }

  void assertFourParts(long rows) {
    assertThat(files)
        .extracting(FileRecord::path)
        .containsExactly(
            "part-00000.parquet",
            "part-00001.parquet",
            "part-00002.parquet",
            "part-00003.parquet");
    assertThat(files).extracting(FileRecord::rows).containsOnly(rows / 4);
  }
}
