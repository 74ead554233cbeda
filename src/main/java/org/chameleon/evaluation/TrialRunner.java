package org.chameleon.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.cluster.StageGpus;
import org.chameleon.storage.Folder;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs trials on executors, a task each, as many side by side as there are slots. What has ended is
 * kept in a folder, so that only the others run when it is tried again.
 */
final class TrialRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TrialRunner.class);

  private final SparkSession spark;
  private final TrialTask task;
  private final double gpusPerTask;
  private final Folder ended;

  /**
   * Creates a runner.
   *
   * @param gpusPerTask GPUs of a trial where Spark hands out some
   * @param ended folder with a file for each trial that has ended
   */
  TrialRunner(SparkSession spark, TrialTask task, double gpusPerTask, Folder ended) {
    this.spark = spark;
    this.task = task;
    this.gpusPerTask = gpusPerTask;
    this.ended = ended;
  }

  private record Assignment(Trial trial, SortedMap<String, Double> weights)
      implements Serializable {

    /** The same trial of other weights is another trial. */
    String file() {
      String hash = DigestUtils.sha256Hex(Json.text(weights)).substring(0, 12);
      return trial.name() + "-" + hash + ".json";
    }
  }

  /**
   * Returns how each trial ended, in their order.
   *
   * @param weights of each mixture by domain, by its name
   */
  List<TrialResult> run(List<Trial> trials, Map<String, SortedMap<String, Double>> weights) {
    List<Assignment> all =
        trials.stream().map(t -> new Assignment(t, weights.get(t.mixture()))).toList();
    List<Assignment> left =
        new ArrayList<>(all.stream().filter(a -> !ended.has(a.file())).toList());
    if (left.size() < trials.size()) {
      LOG.info(
          "evaluate: {} of {} trials had ended before", trials.size() - left.size(), trials.size());
    }
    if (!left.isEmpty()) {
      run(left);
    }
    return all.stream().map(a -> ended.json(a.file(), TrialResult.class)).toList();
  }

  /** The longest first, so that slots end at about the same time. */
  private void run(List<Assignment> left) {
    left.sort(Comparator.comparingInt((Assignment a) -> a.trial().horizon()).reversed());
    task.compute()
        .metrics()
        .expectWindows(
            left.stream().mapToLong(a -> task.sizes().sequences(a.trial().horizon())).sum());
    TrialTask work = task;
    String folder = ended.toString();
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    JavaRDD<Assignment> rows =
        new JavaSparkContext(spark.sparkContext()).parallelize(left, left.size());
    new StageGpus(spark.sparkContext(), task.compute().device(), gpusPerTask)
        .given(rows.map(assigned -> done(work, assigned, folder, hadoop.value().value())))
        .collect();
  }

  private static boolean done(
      TrialTask task, Assignment assigned, String folder, Configuration hadoop) {
    TrialResult result = task.run(assigned.trial(), assigned.weights(), hadoop);
    String name = assigned.file();
    String draft = "." + TaskContext.get().taskAttemptId() + "-" + name;
    Folder.at(folder, hadoop).replace(name, draft, Json.text(result));
    LOG.info(
        "evaluate: trial {} ended in {} s: {}",
        assigned.trial().name(),
        result.seconds(),
        result.error() == null
            ? String.format(Locale.ROOT, "%.4f bits per byte", result.mean())
            : result.error());
    return result.error() == null;
  }

  /**
   * Returns the threads of each of so many trials. Where executors' cores are not known here, a
   * trial has those of a Spark task. The number moves the last bits of a sum, so it must not depend
   * on how many trials are left.
   */
  static int threads(SparkContext spark, int trials) {
    int ofTask = spark.getConf().getInt("spark.task.cpus", 1);
    if (!spark.isLocal()) {
      return ofTask;
    }
    int slots = Math.max(1, spark.defaultParallelism() / ofTask);
    return Math.max(ofTask, spark.defaultParallelism() / Math.min(slots, Math.max(1, trials)));
  }
}
