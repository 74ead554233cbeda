package org.chameleon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.chameleon.TestSpark;

/** A table of numbers that do not compress, written by four tasks, and what that costs here. */
final class StoredTable {
  private StoredTable() {}

  /** What was written, and how many bytes this thread read meanwhile. */
  record Written(List<FileRecord> files, long bytesReadHere) {
    long bytes() {
      return files.stream().mapToLong(FileRecord::bytes).sum();
    }
  }

  /** Writes a table of about as many megabytes into {@code folder/table}. */
  static Written write(Path folder, int megabytes) {
    int numbers = 256;
    long rows = megabytes * 1_000_000L / (8L * numbers);
    Dataset<Row> table =
        TestSpark.session()
            .range(0, rows, 1, 4)
            .selectExpr(
                "id", "transform(sequence(1, " + numbers + "), i -> rand(7) + i) as numbers");
    long before = bytesReadHere();
    List<FileRecord> files =
        TableWriter.writeParts(table, folder.resolve("table").toUri().toString());
    return new Written(
        files.stream().map(file -> file.withPath("table/" + file.path())).toList(),
        bytesReadHere() - before);
  }

  @SuppressWarnings("deprecation") // what replaces it does not tell threads apart
  private static long bytesReadHere() {
    return FileSystem.getAllStatistics().stream()
        .mapToLong(statistics -> statistics.getThreadStatistics().getBytesRead())
        .sum();
  }

  /** Returns what a verifier on executors says of the files. */
  static List<String> problems(Path folder, Written written) {
    Folder stored = Folder.at(folder.toUri().toString(), new Configuration());
    return Verifier.onExecutors(stored, TestSpark.session())
        .problems(written.files(), List.of("table"), "by the test");
  }

  /** Turns one bit in the middle of a file. */
  static void flipBit(Path file) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.position(Files.size(file) / 2).read(one);
      one.put(0, (byte) (one.get(0) ^ 4)).rewind();
      channel.position(Files.size(file) / 2).write(one);
    }
  }
}
