package org.chameleon.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.chameleon.cluster.StageGpus;
import org.chameleon.embedding.EmbeddingConfig;
import org.chameleon.model.Precision;

/** Sends a task to every executor, to see what a run will find there. */
public final class Doctor {
  private static final int MOST_ROUNDS = 10;
  private static final int LINGER_MILLIS = 300;
  private static final long GIBIBYTE = 1L << 30;

  /** Native memory that an embedding of the paper's proxy needs beside the heap. */
  private static final long NATIVE_NEEDED = 2 * GIBIBYTE;

  private final SparkSession spark;
  private final EmbeddingConfig config;

  /** Creates a doctor for what would embed with this configuration. */
  public Doctor(SparkSession spark, EmbeddingConfig config) {
    this.spark = spark;
    this.config = config;
  }

  /**
   * What was found.
   *
   * @param executors one report each, in order of their ids
   * @param problems a sentence for everything that would stop a run or spoil its result
   */
  public record Finding(List<ExecutorReport> executors, List<String> problems) {}

  /** Returns what every executor has that is registered now. */
  public Finding examine() {
    Map<String, ExecutorReport> reports = new TreeMap<>();
    int executors = 0;
    for (int round = 0;
        round < MOST_ROUNDS && (round == 0 || reports.size() < executors);
        round++) {
      look().forEach(report -> reports.putIfAbsent(report.executor(), report));
      executors = executors();
    }
    List<ExecutorReport> found = List.copyOf(reports.values());
    List<String> problems = new ArrayList<>();
    if (reports.size() < executors) {
      problems.add(
          "%d of %d executors ran no task. Are their cores taken?"
              .formatted(executors - reports.size(), executors));
    }
    found.forEach(report -> examine(report, problems));
    sameEverywhere("Java versions", found, ExecutorReport::java, problems);
    sameEverywhere("PyTorch versions", found, ExecutorReport::pytorch, problems);
    sameEverywhere("kinds of device", found, Doctor::kind, problems);
    sameEverywhere("precisions", found, ExecutorReport::precision, problems);
    return new Finding(found, problems);
  }

  /** More tasks than there are cores, each lingering, so that every executor gets one. */
  private List<ExecutorReport> look() {
    SparkContext context = spark.sparkContext();
    String device = config.device();
    Precision precision = config.precision();
    int tasks = 2 * Math.max(context.defaultParallelism(), executors());
    JavaRDD<ExecutorReport> looks =
        new JavaSparkContext(context)
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .map(
                task -> {
                  Thread.sleep(LINGER_MILLIS);
                  return ExecutorProbe.look(device, precision);
                });
    return new StageGpus(context, device, config.gpusPerTask()).given(looks).collect();
  }

  private int executors() {
    int all = spark.sparkContext().statusTracker().getExecutorInfos().length;
    return spark.sparkContext().isLocal() ? all : all - 1;
  }

  private void examine(ExecutorReport report, List<String> problems) {
    String who = "executor " + report.executor() + " on " + report.host() + ": ";
    if (!report.usable()) {
      problems.add(who + report.pytorch());
    } else if (report.precision().isEmpty()) {
      problems.add(who + report.device());
    } else if (report.gpusOfLibrary() > 0
        && report.gpusOfTask().isEmpty()
        && multipleTasks(report)) {
      problems.add(
          who
              + "has a GPU, but Spark does not assign it, so all its tasks use the first. Set"
              + " spark.executor.resource.gpu.amount and its discovery script.");
    }
    if (report.nativeBytes() >= 0 && report.nativeBytes() < NATIVE_NEEDED) {
      problems.add(
          who
              + "%.1f GiB are left beside the heap, the model needs about %d. Raise spark.executor.memoryOverhead, or lower spark.executor.memory."
                  .formatted((double) report.nativeBytes() / GIBIBYTE, NATIVE_NEEDED / GIBIBYTE));
    }
    String driverJava = System.getProperty("java.version");
    if (!report.java().equals(driverJava)) {
      problems.add(
          who + "has Java " + report.java() + ", the driver " + driverJava + ". Use one version.");
    }
  }

  private static boolean multipleTasks(ExecutorReport report) {
    return report.device().startsWith("gpu") && report.cores() > 1;
  }

  private static String kind(ExecutorReport report) {
    return report.device().startsWith("gpu") ? "GPU" : "processor";
  }

  private static void sameEverywhere(
      String what,
      List<ExecutorReport> reports,
      Function<ExecutorReport, String> of,
      List<String> problems) {
    TreeSet<String> values =
        reports.stream().map(of).collect(Collectors.toCollection(TreeSet::new));
    if (values.size() > 1) {
      problems.add(
          "Executors have different %s (%s): embeddings would differ in their last bits with where a task runs. Use one kind of executor, or set embedding.precision and embedding.device."
              .formatted(what, String.join(", ", values)));
    }
  }
}
