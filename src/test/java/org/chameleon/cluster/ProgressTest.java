package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
<<<<<<< HEAD
import java.util.List;
=======
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
>>>>>>> wt-tests
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;

<<<<<<< HEAD
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
=======
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
>>>>>>> wt-tests
                work.done(1, 10);
              });
    } finally {
      spark.clearJobGroup();
    }
  }

<<<<<<< HEAD
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
=======
  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  /** Returns what stood on the line, one text after the other. */
  private List<String> lines() {
    return Stream.of(text().split("\r\033\\[K")).toList();
>>>>>>> wt-tests
  }
}
