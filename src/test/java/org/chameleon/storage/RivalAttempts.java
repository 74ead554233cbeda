package org.chameleon.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * A program for a cluster that speculates: it writes parts of which one is slow, so that a second
 * attempt overtakes it and the first still runs when all is done, and of which another is written
 * by an executor that is then lost. It prints what is there once the slow attempt has ended too.
 *
 * <p>Arguments: the folder of the parts, and one for marks, {@code PART-ATTEMPT}.
 */
public final class RivalAttempts {
  static final int PARTS = 8;
  private static final int LOST = 6;
  private static final int SLOW = 7;
  private static final int BYTES = 1000;
  private static final long SLOW_MILLIS = 15_000;

  private RivalAttempts() {}

  /** A part that was written. */
  private record Written(FileRecord file) implements PartWriter.Part {
    private static final long serialVersionUID = 1L;

    @Override
    public List<FileRecord> files() {
      return List.of(file);
    }
  }

  /** Writes the parts. */
  public static void main(String[] arguments) throws Exception {
    String folder = arguments[0];
    String marks = arguments[1];
    try (JavaSparkContext context =
        new JavaSparkContext(SparkSession.builder().getOrCreate().sparkContext())) {
      List<Written> written =
          new PartWriter(SparkSession.active(), folder)
              .write(
                  context.parallelize(IntStream.range(0, PARTS).boxed().toList(), PARTS),
                  (index, rows, into, hadoop) -> write(index, into, hadoop, Path.of(marks)));
      while (!Files.exists(Path.of(marks, "ended"))) {
        Thread.sleep(200);
      }
      Thread.sleep(2000);
      long there = written.stream().filter(part -> isThere(Path.of(folder), part.file())).count();
      System.out.printf("%d parts written, %d there%n", written.size(), there);
    }
  }

  private static boolean isThere(Path folder, FileRecord part) {
    try {
      return Files.size(folder.resolve(part.path())) == BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  private static Written write(
      int index, org.apache.hadoop.fs.Path into, Configuration hadoop, Path marks)
      throws IOException {
    boolean isFirst = attempts(marks, index) == 0;
    Files.createFile(marks.resolve(index + "-" + TaskContext.get().taskAttemptId()));
    HashedFile file =
        HashedFile.create(new org.apache.hadoop.fs.Path(into, "part-" + index), hadoop);
    try (file) {
      file.write(new byte[BYTES]);
    }
    if (index == LOST && isFirst) {
      Runtime.getRuntime().halt(137);
    }
    if (index == SLOW && isFirst) {
      sleepWhateverHappens();
      Files.createFile(marks.resolve("ended"));
    }
    return new Written(file.record(1L));
  }

  private static long attempts(Path marks, int index) throws IOException {
    try (Stream<Path> all = Files.list(marks)) {
      return all.filter(mark -> mark.getFileName().toString().startsWith(index + "-")).count();
    }
  }

  /** As native code does, which no interruption reaches. */
  private static void sleepWhateverHappens() {
    long end = System.currentTimeMillis() + SLOW_MILLIS;
    while (System.currentTimeMillis() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      Thread.interrupted();
    }
  }
}
