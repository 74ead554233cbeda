package org.chameleon.cluster;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * The GPUs of one stage, asked for by a resource profile of its own, so that the stages before and
 * after it hold none.
 *
 * <ul>
 *   <li>Where every task gets GPUs anyway ({@code spark.task.resource.gpu.amount}), there is
 *       nothing to ask for.
 *   <li>Where executors have GPUs that tasks do not get ({@code spark.executor.resource.gpu.amount}
 *       alone), the stage's tasks ask for theirs.
 *   <li>Where executors come and go ({@code spark.dynamicAllocation.enabled}) and the configuration
 *       says {@code gpu}, the stage asks for executors with GPUs, otherwise as large as the others.
 *   <li>Else Spark knows of no GPU, and tasks use what their executor finds.
 * </ul>
 */
public final class StageGpus {
  private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.";
  private static final String TASK_GPUS = "spark.task.resource.gpu.amount";

  private final Optional<ResourceProfile> profile;

  /**
   * Creates a request.
   *
   * @param device {@code embedding.device}: with {@code cpu} no GPU is asked for
   * @param perTask GPUs of a task, a fraction where several tasks share one
   */
  public StageGpus(SparkContext spark, String device, double perTask) {
    this.profile = profile(spark, device, perTask);
  }

  /** Returns rows whose tasks run with the GPUs. */
  public <T> JavaRDD<T> given(JavaRDD<T> rows) {
    return profile.map(rows::withResources).orElse(rows);
  }

  /** Returns whether the stage needs a profile of its own. */
  public boolean asked() {
    return profile.isPresent();
  }

  private static Optional<ResourceProfile> profile(
      SparkContext spark, String device, double perTask) {
    SparkConf conf = spark.getConf();
    if (device.equals("cpu") || spark.isLocal() || conf.contains(TASK_GPUS)) {
      return Optional.empty();
    }
    TaskResourceRequests task =
        new TaskResourceRequests().cpus(conf.getInt("spark.task.cpus", 1)).resource("gpu", perTask);
    boolean dynamic = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    if (conf.contains(EXECUTOR_GPUS + "amount")) {
      return Optional.of(new ResourceProfileBuilder().require(task).build());
    }
    return dynamic && device.startsWith("gpu")
        ? Optional.of(
            new ResourceProfileBuilder().require(task).require(executor(conf, perTask)).build())
        : Optional.empty();
  }

  private static ExecutorResourceRequests executor(SparkConf conf, double perTask) {
    ExecutorResourceRequests executor =
        new ExecutorResourceRequests()
            .resource(
                "gpu",
                (long) Math.ceil(perTask),
                conf.get(EXECUTOR_GPUS + "discoveryScript", ""),
                conf.get(EXECUTOR_GPUS + "vendor", ""));
    if (conf.contains("spark.executor.cores")) {
      executor.cores(conf.getInt("spark.executor.cores", 1));
    }
    if (conf.contains("spark.executor.memory")) {
      executor.memory(conf.get("spark.executor.memory"));
    }
    if (conf.contains("spark.executor.memoryOverhead")) {
      executor.memoryOverhead(conf.get("spark.executor.memoryOverhead"));
    }
    return executor;
  }
}
