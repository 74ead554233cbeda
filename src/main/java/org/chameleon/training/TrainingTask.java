package org.chameleon.training;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.ModelShape;
import org.chameleon.model.Safetensors;
import org.chameleon.storage.HadoopSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains on one executor: takes sequences in the order of the partition, writes {@code
 * model.safetensors} into the output directory, and returns a row per step.
 */
record TrainingTask(
    ModelShape shape,
    TrainingConfig config,
    ProxyTrainer.Compute compute,
    int threads,
    String output,
    Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<Iterator<Row>, Row> {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);
  private static final int LOG_EVERY = 50;

  /** A row per step; the last, step 0, holds what is known at the end. */
  static final StructType SCHEMA =
      new StructType()
          .add("step", DataTypes.IntegerType, false)
          .add("loss", DataTypes.DoubleType, false)
          .add("learningRate", DataTypes.DoubleType, false)
          .add("gradientNorm", DataTypes.DoubleType, false)
          .add("tokens", DataTypes.LongType, false)
          .add("note", DataTypes.StringType, false);

  @Override
  public Iterator<Row> call(Iterator<Row> sequences) throws IOException {
    ModelProgram.useThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    ComputeDevice chosen = ComputeDevice.ofTask(compute.device());
    compute.metrics().computesOn(chosen.toString(), config.precision().on(chosen).toString());
    List<Row> log = new ArrayList<>();
    Map<Integer, Long> unigrams = new HashMap<>();
    try (Gpt2Trainer trainer =
        Gpt2Trainer.create(shape, config.precision(), chosen, compute.seed())) {
      for (int step = 1; step <= config.steps(); step++) {
        List<int[]> batch = batch(sequences, unigrams);
        TaskMetrics.Work work = compute.metrics().start();
        Gpt2Trainer.Progress progress = trainer.step(batch, step, config);
        work.done(batch.size(), (long) batch.size() * shape.context());
        requireFinite(progress, step);
        log.add(
            RowFactory.create(
                step,
                progress.loss(),
                config.rate(step),
                progress.gradientNorm(),
                (long) batch.size() * shape.context(),
                ""));
        if (step % LOG_EVERY == 0 || step == config.steps()) {
          LOG.info(
              "train: step {} of {}, loss {}",
              step,
              config.steps(),
              String.format(Locale.ROOT, "%.3f", progress.loss()));
        }
      }
      Path file = new Path(output, "model.safetensors");
      FileSystem fileSystem = HadoopSettings.fileSystem(file, hadoop.value().value());
      try (OutputStream out = fileSystem.create(file, true)) {
        Safetensors.write(trainer.tensors(), out);
      }
      String note = chosen + " " + config.precision().on(chosen);
      long parameters = trainer.parameters();
      log.add(RowFactory.create(0, entropy(unigrams), 0.0, 0.0, parameters, note));
    }
    return log.iterator();
  }

  private List<int[]> batch(Iterator<Row> sequences, Map<Integer, Long> unigrams) {
    List<int[]> batch = new ArrayList<>();
    while (batch.size() < config.batch() && sequences.hasNext()) {
      List<Integer> list = sequences.next().getList(0);
      int[] ids = list.stream().mapToInt(Integer::intValue).toArray();
      for (int i = 1; i < ids.length; i++) {
        unigrams.merge(ids[i], 1L, Long::sum);
      }
      batch.add(ids);
    }
    return batch;
  }

  private static void requireFinite(Gpt2Trainer.Progress progress, int step) {
    if (!Double.isFinite(progress.loss()) || !Double.isFinite(progress.gradientNorm())) {
      throw new InvalidInputException(
          "Cannot train the proxy: the loss at step %d is %s. Lower training.learning-rate."
              .formatted(step, progress.loss()));
    }
  }

  /**
   * Returns the entropy of the targets' frequencies in nats: the loss of a model without context.
   */
  private static double entropy(Map<Integer, Long> unigrams) {
    double total = unigrams.values().stream().mapToDouble(Long::doubleValue).sum();
    return unigrams.values().stream()
        .sorted()
        .mapToDouble(n -> -n / total * Math.log(n / total))
        .sum();
  }
}
