package org.chameleon.doctor;

import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.cluster.StageGpus;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.EmbeddingConfig;

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
    JavaRDD<String> looks =
        new JavaSparkContext(spark)
            .parallelize(List.of(0), 1)
            .map(task -> ExecutorProbe.problem(device));
    StageGpus gpus = new StageGpus(spark, device, config.gpusPerTask());
    String problem = gpus.given(looks).first();
    if (!problem.isEmpty()) {
      throw new InvalidInputException(problem);
    }
  }
}
