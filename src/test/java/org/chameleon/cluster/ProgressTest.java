package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;

/** A job of the session of the tests, watched. */
class ProgressTest {
  private final SparkContext spark = TestSpark.session().sparkContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalSeesOneLineThatIsWrittenOver() throws InterruptedException {
    TaskMetrics metrics = TaskMetrics.of(spark, "watched");
    metrics.expectWindows(6);
    PrintStream terminal = new PrintStream(written, true, StandardCharsets.UTF_8);
    Progress progress = Progress.watch(spark, metrics, terminal, Duration.ofMillis(50));
    try (progress) {
      work(metrics);
    }
    String before = written();
    assertThat(before)
        .contains("\r\u001b[Kstage=watched status=running tasks=")
        .containsPattern("windows=[1-9]/6 tokens=")
        .endsWith("\r\u001b[K")
        .doesNotContain("\n");
    for (String line : before.split("\r\u001b\\[K", -1)) {
      assertThat(line).hasSizeLessThan(80);
    }
    Thread.sleep(200);
    assertThat(written()).isEqualTo(before);
  }

  private void work(TaskMetrics metrics) {
    spark.setJobGroup("watched", "a job of six tasks", false);
    try {
      new JavaSparkContext(spark)
          .parallelize(List.of(1, 2, 3, 4, 5, 6), 6)
          .foreach(
              row -> {
                TaskMetrics.Work work = metrics.start();
                Thread.sleep(300);
                work.done(1, 10);
              });
    } finally {
      spark.clearJobGroup();
    }
  }

  @Test
  void whatWasCountedIsThereAtTheEnd() {
    TaskMetrics metrics = TaskMetrics.of(spark, "watched");
    assertThat(metrics.used()).isFalse();
    work(metrics);
    assertThat(metrics.used()).isTrue();
    assertThat(metrics.done(new RunningTasks()))
        .isEqualTo(new TaskMetrics.Done(6, 60, metrics.bytesRead(), 0));
    assertThat(metrics.seconds()).isGreaterThan(1.5);
    assertThat(metrics.computed()).isEmpty();
  }

  @Test
  void whatOnlyPreparesIsNoResult() {
    TaskMetrics metrics = TaskMetrics.of(spark, "watched");
    work(metrics.preparing(spark));
    assertThat(metrics.done(new RunningTasks()).windows()).isZero();
    assertThat(metrics.seconds()).isGreaterThan(1.5);
  }
}
