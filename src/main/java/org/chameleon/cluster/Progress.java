package org.chameleon.cluster;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.JobExecutionStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Says how far the running stage is, until it is closed: in one line that is written over where
 * standard error is a terminal, in a line of the log each minute where it is not.
 */
public final class Progress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final Duration REWRITTEN = Duration.ofSeconds(2);
  private static final Duration LOGGED = Duration.ofMinutes(1);
  private static final int WIDTH = 79;

  private final SparkContext spark;
  private final TaskMetrics metrics;
  private final PrintStream terminal;
  private final RunningTasks running = new RunningTasks();
  private final Instant start = Instant.now();
  private final Set<Integer> earlierJobs = new HashSet<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private boolean written;
  private boolean closed;

  private Progress(SparkContext spark, TaskMetrics metrics, PrintStream terminal) {
    this.spark = spark;
    this.metrics = metrics;
    this.terminal = terminal;
    for (int job : spark.statusTracker().getJobIdsForGroup(metrics.stage())) {
      earlierJobs.add(job);
    }
  }

  /** Begins to watch the stage that counts into these, in the job group of its name. */
  public static Progress watch(SparkContext spark, TaskMetrics metrics) {
    boolean interactive = isTerminal();
    return watch(spark, metrics, interactive ? System.err : null, interactive ? REWRITTEN : LOGGED);
  }

  /** As {@link #watch(SparkContext, TaskMetrics)}, to a terminal or, with null, to the log. */
  static Progress watch(
      SparkContext spark, TaskMetrics metrics, PrintStream terminal, Duration every) {
    Progress progress = new Progress(spark, metrics, terminal);
    spark.addSparkListener(progress.running);
    Future<?> unused =
        progress.clock.scheduleWithFixedDelay(
            progress::say, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return progress;
  }

  /** Returns whether standard error is a terminal, where the system tells (Linux). */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void say() {
    try {
      Duration elapsed = Duration.between(start, Instant.now());
      String line = ProgressLine.of(metrics.stage(), tasks(), metrics.done(running), elapsed);
      synchronized (this) {
        if (closed) {
          return;
        }
        if (terminal == null) {
          LOG.info("{}", line);
        } else {
          String shown = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
          terminal.print("\r\033[K" + shown);
          terminal.flush();
          written = true;
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("progress cannot be told", e);
    }
  }

  /**
   * Tasks of all jobs of the stage so far; those that Spark could skip are known at a job's end.
   */
  private ProgressLine.Tasks tasks() {
    int ended = 0;
    int all = 0;
    for (int job : spark.statusTracker().getJobIdsForGroup(metrics.stage())) {
      Option<SparkJobInfo> found = spark.statusTracker().getJobInfo(job);
      if (earlierJobs.contains(job) || found.isEmpty()) {
        continue;
      }
      boolean runs = found.get().status() == JobExecutionStatus.RUNNING;
      for (int stage : found.get().stageIds()) {
        Option<SparkStageInfo> info = spark.statusTracker().getStageInfo(stage);
        if (info.isDefined()) {
          ended += info.get().numCompletedTasks();
          all += runs ? info.get().numTasks() : info.get().numCompletedTasks();
        }
      }
    }
    return new ProgressLine.Tasks(ended, all);
  }

  /** Stops, and clears the line. */
  @Override
  public void close() {
    clock.shutdownNow();
    spark.removeSparkListener(running);
    synchronized (this) {
      if (written && !closed) {
        terminal.print("\r\033[K");
        terminal.flush();
      }
      closed = true;
    }
  }
}
