package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.shuffle.MetadataFetchFailedException;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Attempts of a stage of which the first still runs while the second writes. */
class PartWriterTest {
  // Tasks run in this process: they and the test wait for each other.
  private static final CountDownLatch FIRST_HAS_WRITTEN = new CountDownLatch(1);
  private static final CountDownLatch SECOND_HAS_WRITTEN = new CountDownLatch(1);
  private static final CountDownLatch FIRST_HAS_ENDED = new CountDownLatch(1);
  private static final int SLOW = 0;
  private static final int LOST = 1;

  @TempDir private Path folder;

  /** A part that was written. */
  private record Written(FileRecord file) implements PartWriter.Part {
    private static final long serialVersionUID = 1L;

    @Override
    public List<FileRecord> files() {
      return List.of(file);
    }
  }

  @Test
  @Timeout(120)
  void anAttemptThatFailsLateTakesNothingFromTheOneThatReplacedIt() {
    JavaSparkContext context = new JavaSparkContext(TestSpark.session().sparkContext());
    JavaPairRDD<Integer, Integer> shuffled =
        context
            .parallelize(List.of(SLOW, LOST), 2)
            .mapToPair(key -> new Tuple2<>(key, key))
            .partitionBy(new HashPartitioner(2));
    int shuffle = ((ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head()).shuffleId();
    FirstAttempt listener = new FirstAttempt();
    context.sc().addSparkListener(listener);
    List<Written> parts;
    try {
      parts =
          new PartWriter(TestSpark.session(), folder.resolve("data").toUri().toString())
              .write(
                  shuffled.values(),
                  (index, rows, into, hadoop) -> write(index, shuffle, into, hadoop));
    } finally {
      context.sc().removeSparkListener(listener);
    }
    assertThat(FIRST_HAS_ENDED.getCount()).isZero();
    assertThat(parts)
        .extracting(part -> part.file().path())
        .containsExactly("part-00000", "part-00001");
    assertThat(folder.resolve("data/part-00000")).hasContent("attempt 1");
    assertThat(folder.resolve("data/part-00001")).hasContent("attempt 1");
    assertThat(folder.resolve("data").toFile().list())
        .filteredOn(name -> !name.startsWith("."))
        .containsExactlyInAnyOrder("part-00000", "part-00001");
  }

  /** Tells when the slow task of the stage's first attempt has ended, and cleared up. */
  private static final class FirstAttempt extends SparkListener {
    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskType().equals("ResultTask")
          && end.stageAttemptId() == 0
          && end.taskInfo().index() == SLOW) {
        FIRST_HAS_ENDED.countDown();
      }
    }
  }

  private static Written write(
      int index, int shuffle, org.apache.hadoop.fs.Path into, Configuration hadoop)
      throws IOException {
    int attempt = TaskContext.get().stageAttemptNumber();
    if (index == LOST && attempt == 0) {
      await(FIRST_HAS_WRITTEN);
      // Spark learns of it when it is made: the stage is attempted again.
      throw new IllegalStateException(
          new MetadataFetchFailedException(shuffle, index, "an executor was lost"));
    }
    HashedFile file =
        HashedFile.create(
            new org.apache.hadoop.fs.Path(into, "part-%05d".formatted(index)), hadoop);
    try (file) {
      file.write(("attempt " + attempt).getBytes(StandardCharsets.UTF_8));
    }
    if (index == SLOW && attempt == 0) {
      FIRST_HAS_WRITTEN.countDown();
      await(SECOND_HAS_WRITTEN);
      throw new UncheckedIOException(new IOException("the lost executor failed late"));
    }
    if (index == SLOW) {
      SECOND_HAS_WRITTEN.countDown();
      await(FIRST_HAS_ENDED);
    }
    return new Written(file.record(1L));
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the other attempt did not come");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
