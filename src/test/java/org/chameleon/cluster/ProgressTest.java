package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;

/** What a terminal is told of a stage that runs. */
class ProgressTest {
  private static final Duration PERIOD = Duration.ofMillis(40);
  private static final String REWRITE = "\r\033[K";

  private final SparkContext spark = TestSpark.session().sparkContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(written, true, StandardCharsets.UTF_8);

  @Test
  void aTerminalSeesALineThatIsWrittenOverUntilTheStageHasEnded() throws InterruptedException {
    TaskMetrics metrics = TaskMetrics.of(spark, "progress-of-a-job");
    metrics.expectWindows(8);
    Progress progress = Progress.watch(spark, metrics, terminal, PERIOD);
    try (progress) {
      work(metrics, 8);
    }
    List<String> lines = lines();
    assertThat(lines).hasSizeGreaterThan(2);
    assertThat(lines.subList(1, lines.size()))
        .allMatch(line -> line.startsWith("stage=progress-of-a-job status=running"))
        .allMatch(line -> line.length() <= 79)
        .anyMatch(line -> line.matches(".* tasks=[0-8]/8 windows=[0-8]/8 .*"))
        .anyMatch(line -> line.matches(".* tasks=[1-8]/8 .*"));
    assertThat(text()).startsWith(REWRITE).endsWith(REWRITE).doesNotContain("\n");
    String before = text();
    Thread.sleep(4 * PERIOD.toMillis());
    progress.close();
    assertThat(text()).isEqualTo(before);
  }

  @Test
  void aStageThatEndsBeforeTheFirstLineWritesNothing() {
    TaskMetrics metrics = TaskMetrics.of(spark, "progress-of-nothing");
    Progress progress = Progress.watch(spark, metrics, terminal, Duration.ofHours(1));
    try (progress) {
      assertThat(metrics.used()).isFalse();
    }
    assertThat(text()).isEmpty();
  }

  /** Runs tasks that take a while, in the job group of the stage. */
  private void work(TaskMetrics metrics, int tasks) {
    spark.setJobGroup(metrics.stage(), "a stage", true);
    try {
      new JavaSparkContext(spark)
          .parallelize(Collections.nCopies(tasks, 1), tasks)
          .foreach(
              number -> {
                TaskMetrics.Work work = metrics.start();
                Thread.sleep(150);
                work.done(1, 10);
              });
    } finally {
      spark.clearJobGroup();
    }
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  /** Returns what stood on the line, one text after the other. */
  private List<String> lines() {
    return Stream.of(text().split("\r\033\\[K")).toList();
  }
}
