package org.chameleon.doctor;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.cluster.Computed;
import org.chameleon.cluster.StageGpus;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.EmbeddingConfig;
import org.chameleon.model.Precision;

/** Looks, before work is spent, whether an executor can compute at all. */
public final class EngineCheck {
  private EngineCheck() {}

  /**
   * Sends a task to an executor that loads the native libraries and finds its device, as the stages
   * that compute will.
   *
   * @throws InvalidInputException if it cannot; the message says what the executors lack
   */
  public static void require(SparkContext spark, EmbeddingConfig config) {
    String device = config.device();
    String problem = onExecutor(spark, config, () -> ExecutorProbe.problem(device));
    if (!problem.isEmpty()) {
      throw new InvalidInputException(problem);
    }
  }

  /**
   * Returns what tasks that embed will compute on, as an executor that can compute at all sees it.
   *
   * @throws InvalidInputException if it cannot; the message says what the executors lack
   */
  public static Computed computed(SparkContext spark, EmbeddingConfig config) {
    require(spark, config);
    String device = config.device();
    Precision precision = config.precision();
    return onExecutor(spark, config, () -> ExecutorProbe.computed(device, precision));
  }

  /** A look at the JVM of a task. */
  @FunctionalInterface
  private interface Look<T> extends Serializable {
    T around();
  }

  private static <T> T onExecutor(SparkContext spark, EmbeddingConfig config, Look<T> look) {
    JavaRDD<T> looks =
        new JavaSparkContext(spark).parallelize(List.of(0), 1).map(task -> look.around());
    return new StageGpus(spark, config.device(), config.gpusPerTask()).given(looks).first();
  }
}
