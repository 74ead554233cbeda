package org.chameleon.cluster;

import java.io.Serializable;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tasks of a stage did, as accumulators: Spark's page of the stage and its event log show
 * them by name. They count work, so a task that was repeated counts twice; counts of results are
 * taken from the results.
 */
public final class TaskMetrics implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(TaskMetrics.class);

  private final String stage;
  private final LongAccumulator windows;
  private final LongAccumulator tokens;
  private final Shared shared;
  private transient volatile long expectedWindows;

  private TaskMetrics(String stage, LongAccumulator windows, LongAccumulator tokens, Shared all) {
    this.stage = stage;
    this.windows = windows;
    this.tokens = tokens;
    this.shared = all;
  }

  /** What a stage counts together, whatever its tasks do. */
  private record Shared(
      LongAccumulator bytes,
      LongAccumulator milliseconds,
      CollectionAccumulator<Computed> devices,
      CollectionAccumulator<String> gpus)
      implements Serializable {

    static Shared of(SparkContext spark, String stage) {
      return new Shared(
          spark.longAccumulator(stage + ": bytes read"),
          spark.longAccumulator(stage + ": milliseconds"),
          spark.collectionAccumulator(stage + ": devices"),
          spark.collectionAccumulator(stage + ": GPUs"));
    }
  }

  /** Returns counters at zero, named for a stage. */
  public static TaskMetrics of(SparkContext spark, String stage) {
    return new TaskMetrics(
        stage,
        spark.longAccumulator(stage + ": windows"),
        spark.longAccumulator(stage + ": tokens"),
        Shared.of(spark, stage));
  }

  /** Returns counters of tasks that only prepare: their windows and tokens are no result. */
  public TaskMetrics preparing(SparkContext spark) {
    return new TaskMetrics(
        stage,
        spark.longAccumulator(stage + ": windows drawn"),
        spark.longAccumulator(stage + ": tokens drawn"),
        shared);
  }

  /** Starts to measure a piece of work of the running task. */
  public Work start() {
    return new Work(this, System.nanoTime(), bytesOfThread());
  }

  /** Says how much work there will be, as far as it is known, for the time left. */
  public void expectWindows(long windowCount) {
    expectedWindows = windowCount;
  }

  /** Notes what the running task computes on, and its GPUs. */
  public void computesOn(String device, String precision) {
    Computed computed = new Computed(device, precision);
    shared.devices.add(computed);
    TaskContext task = TaskContext.get();
    ResourceInformation assigned = task == null ? null : task.resourcesJMap().get("gpu");
    if (assigned != null) {
      String addresses = String.join(",", assigned.addresses());
      LOG.info(
          "stage={} partition={} device={} precision={} gpus={}",
          stage,
          task.partitionId(),
          device,
          precision,
          addresses);
      shared.gpus.add("executor " + SparkEnv.get().executorId() + ": gpu " + addresses);
    }
  }

  /** A piece of work that is being done. */
  public record Work(TaskMetrics metrics, long startNanos, long startBytes) {
    /** Counts the time and the bytes read since it started, and what came of it. */
    public void done(long windowCount, long tokenCount) {
      metrics.windows.add(windowCount);
      metrics.tokens.add(tokenCount);
      metrics.shared.bytes.add(bytesOfThread() - startBytes);
      metrics.shared.milliseconds.add(
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    }
  }

  @SuppressWarnings("deprecation") // what replaces it does not tell threads apart
  private static long bytesOfThread() {
    return FileSystem.getAllStatistics().stream()
        .mapToLong(s -> s.getThreadStatistics().getBytesRead())
        .sum();
  }

  /** Returns the bytes that tasks read from file systems. */
  public long bytesRead() {
    return shared.bytes.value();
  }

  /** Returns the time of all tasks together. */
  public double seconds() {
    return shared.milliseconds.value() / 1000.0;
  }

  /** Returns what tasks computed on; nothing if they computed on nothing. */
  public SortedSet<Computed> computed() {
    return new TreeSet<>(shared.devices.value());
  }

  /** Returns which GPUs Spark gave to which executor's tasks, in order; empty if none. */
  public SortedSet<String> gpus() {
    return new TreeSet<>(shared.gpus.value());
  }

  /** Returns whether any task has worked. */
  public boolean used() {
    return shared.milliseconds.count() > 0;
  }

  /** Returns what has been done, with what running tasks have reported on the way. */
  Done done(RunningTasks running) {
    return new Done(
        windows.value() + running.sum(windows.id()),
        tokens.value() + running.sum(tokens.id()),
        shared.bytes.value() + running.sum(shared.bytes.id()),
        expectedWindows);
  }

  /**
   * How far a stage has come.
   *
   * @param windows windows or training sequences
   * @param tokens of them
   * @param bytes read
   * @param expectedWindows how many there will be, 0 if not known
   */
  record Done(long windows, long tokens, long bytes, long expectedWindows) {}

  String stage() {
    return stage;
  }
}
