package org.chameleon.evaluation;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.cluster.StageGpus;
import org.chameleon.training.ModelState;
import org.chameleon.training.TrainingTask;

/**
 * How fast trials train here, by a few steps on random tokens in every slot that there is now.
 *
 * @param slots trials that run side by side
 * @param tokensPerSecond of all of them together
 */
public record TrialSpeed(int slots, double tokensPerSecond) {
  /** PyTorch compiles a program in its first calls. */
  private static final int WARM_UP = 3;

  private static final int MEASURED = 4;

  /** Measures it. */
  static TrialSpeed of(SparkContext spark, TrialTask task, int trials, double gpusPerTask) {
    int slots = Math.max(1, Math.min(trials, spark.defaultParallelism() / task.threads()));
    JavaRDD<Integer> rows =
        new JavaSparkContext(spark).parallelize(Collections.nCopies(slots, 0), slots);
    List<Double> rates =
        new StageGpus(spark, task.compute().device(), gpusPerTask)
            .given(rows.map(slot -> rate(task)))
            .collect();
    return new TrialSpeed(slots, rates.stream().mapToDouble(Double::doubleValue).sum());
  }

  private static double rate(TrialTask task) {
    RandomTokens tokens = new RandomTokens(task);
    new TrainingTask(
            task.shape(),
            task.training().over(WARM_UP + MEASURED, 1),
            task.compute(),
            task.threads())
        .train(ModelState.initial(task.shape(), 0), tokens, model -> 0, (log, nothing) -> nothing);
    double seconds = (System.nanoTime() - tokens.warm) / 1e9;
    return MEASURED * task.training().batch() * task.sizes().context() / seconds;
  }

  /** Sequences of random tokens, and when those of the first measured step were asked for. */
  private static final class RandomTokens implements Iterator<int[]> {
    private final TrialTask task;
    private final SplittableRandom random = new SplittableRandom(1);
    private long taken;
    private long warm;

    RandomTokens(TrialTask task) {
      this.task = task;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public int[] next() {
      if (taken++ == (long) WARM_UP * task.training().batch()) {
        warm = System.nanoTime();
      }
      int[] ids = new int[task.sizes().context() + 1];
      Arrays.setAll(ids, i -> random.nextInt(task.shape().vocabulary()));
      return ids;
    }
  }
}
