package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tasks count, added up on the driver. */
class TaskMetricsTest {
  private static final int BYTES = 100_000;

  @TempDir private Path folder;

  private final SparkContext spark = TestSpark.session().sparkContext();

  @Test
  void whatTasksDidIsAddedUp() throws IOException {
    TaskMetrics metrics = TaskMetrics.of(spark, "metrics");
    assertThat(metrics.used()).isFalse();
    metrics.expectWindows(99);
    read(metrics, 3);
    assertThat(metrics.used()).isTrue();
    assertThat(metrics.done(new RunningTasks()))
        .isEqualTo(new TaskMetrics.Done(6, 30, 3 * BYTES, 99));
    assertThat(metrics.bytesRead()).isEqualTo(3 * BYTES);
    assertThat(metrics.seconds()).isBetween(0.015, 60.0);
    assertThat(metrics.computed()).containsExactly(new Computed("cpu", "float32"));
    assertThat(metrics.gpus()).isEmpty();
  }

  @Test
  void whatOnlyPreparesCountsNoWindows() throws IOException {
    TaskMetrics metrics = TaskMetrics.of(spark, "metrics");
    read(metrics.preparing(spark), 2);
    assertThat(metrics.done(new RunningTasks()))
        .isEqualTo(new TaskMetrics.Done(0, 0, 2 * BYTES, 0));
    assertThat(metrics.used()).isTrue();
    read(metrics, 1);
    assertThat(metrics.done(new RunningTasks()))
        .isEqualTo(new TaskMetrics.Done(2, 10, 3 * BYTES, 0));
  }

  @Test
  void bytesThatWereReadBeforeTheWorkAreNotOfIt() throws IOException {
    TaskMetrics metrics = TaskMetrics.of(spark, "metrics");
    readAll(file().toString());
    metrics.start().done(0, 0);
    assertThat(metrics.bytesRead()).isZero();
    assertThat(metrics.used()).isTrue();
  }

  @Test
  void severalDevicesAreNamedOnceEachInOrder() {
    List<Computed> computed =
        List.of(
            new Computed("gpu:1", "bfloat16"),
            new Computed("cpu", "float32"),
            new Computed("gpu:1", "float32"));
    assertThat(Computed.devices(computed)).isEqualTo("cpu, gpu:1");
    assertThat(Computed.precisions(computed)).isEqualTo("bfloat16, float32");
    assertThat(computed.stream().sorted())
        .extracting(Computed::toString)
        .containsExactly("cpu float32", "gpu:1 bfloat16", "gpu:1 float32");
  }

  /** Reads a file in each of some tasks. */
  private void read(TaskMetrics metrics, int tasks) throws IOException {
    List<String> files = Collections.nCopies(tasks, file().toString());
    new JavaSparkContext(spark)
        .parallelize(files, tasks)
        .foreach(
            file -> {
              TaskMetrics.Work work = metrics.start();
              Thread.sleep(5);
              metrics.computesOn("cpu", "float32");
              readAll(file);
              work.done(2, 10);
            });
  }

  private Path file() throws IOException {
    return Files.write(folder.resolve("file"), new byte[BYTES]);
  }

  private static void readAll(String file) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file);
    try (InputStream in = path.getFileSystem(new Configuration()).open(path)) {
      assertThat(in.readAllBytes()).hasSize(BYTES);
    }
  }
}
