package org.chameleon.training;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.cluster.HadoopSettings;
import org.chameleon.cluster.StageGpus;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.Activation;
import org.chameleon.model.Gpt2Family;
import org.chameleon.model.ModelShape;
import org.chameleon.model.Safetensors;
import org.chameleon.sampling.KeptOut;

/**
 * Trains a tokenizer and a GPT-2 proxy on a corpus, every domain with the same weight whatever its
 * size, and writes them as a Hugging Face checkpoint directory.
 */
public final class ProxyTrainer {
  private final SparkSession spark;
  private final ProxyConfig.Train model;
  private final TrainingConfig config;
  private final Compute compute;

  /**
   * What the training task runs with.
   *
   * @param device as {@code embedding.device} names it
   * @param seed of the draw and of the initial weights
   * @param metrics what the task counts into
   */
  public record Compute(String device, long seed, TaskMetrics metrics) implements Serializable {}

  /** Creates a trainer of one model. */
  public ProxyTrainer(
      SparkSession spark, ProxyConfig.Train model, TrainingConfig config, Compute compute) {
    this.spark = spark;
    this.model = model;
    this.config = config;
    this.compute = compute;
  }

  /**
   * Trains and writes {@code config.json}, {@code tokenizer.json} and {@code model.safetensors}.
   *
   * @param directory an existing directory that executors can write to
   * @return what {@code training.json} says
   * @throws InvalidInputException if the corpus is too small, or the loss stops being finite
   */
  public TrainingLog train(Corpus corpus, String directory) {
    String tokenizer =
        new TokenizerTrainer(model.vocabulary(), config.tokenizerDocuments(), compute.seed())
            .train(corpus);
    write(directory, "tokenizer.json", tokenizer);
    ModelShape shape = shape();
    write(directory, "config.json", shape.family().config(shape));
    Dataset<Row> sequences =
        new TrainingSequences(spark, tokenizer, compute.seed(), KeptOut.NONE)
            .take(
                TrainingSequences.evenly(corpus),
                (long) config.steps() * config.batch(),
                model.context() + 1,
                corpus);
    TrainingTask task = new TrainingTask(shape, config, compute, threads());
    Path file = new Path(directory, "model.safetensors");
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    StageGpus gpus = new StageGpus(spark.sparkContext(), compute.device(), 1);
    JavaRDD<TrainingLog> log =
        sequences
            .javaRDD()
            .mapPartitions(
                rows -> {
                  ModelState start = ModelState.initial(task.shape(), task.compute().seed());
                  Trained trained = task.train(start, ids(rows));
                  write(trained.state().saved(task.shape()), file, hadoop.value().value());
                  return List.of(trained.log()).iterator();
                });
    return gpus.given(log).collect().get(0);
  }

  private static Iterator<int[]> ids(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public int[] next() {
        List<Integer> ids = rows.next().getList(0);
        return ids.stream().mapToInt(Integer::intValue).toArray();
      }
    };
  }

  private static void write(
      Map<String, Safetensors.Tensor> tensors, Path file, Configuration hadoop) throws IOException {
    try (OutputStream out = HadoopSettings.fileSystem(file, hadoop).create(file, true)) {
      Safetensors.write(tensors, out);
    }
  }

  private ModelShape shape() {
    return new ModelShape(
        new Gpt2Family(),
        model.layers(),
        model.width(),
        4 * model.width(),
        model.heads(),
        model.heads(),
        model.context(),
        model.vocabulary(),
        1e-5,
        0,
        Activation.GELU_TANH,
        true);
  }

  /**
   * All cores of the executor, since nothing else runs beside the one training task. Their number
   * moves the last bits of a sum, so it must not depend on which executors have registered: where
   * it is not configured, a standalone executor has its whole machine (0), and others one core.
   */
  private int threads() {
    SparkConf conf = spark.sparkContext().getConf();
    if (spark.sparkContext().isLocal()) {
      return spark.sparkContext().defaultParallelism();
    }
    int unset = spark.sparkContext().master().startsWith("spark:") ? 0 : 1;
    return conf.getInt("spark.executor.cores", unset);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  private void write(String directory, String name, String content) {
    Path file = new Path(directory, name);
    try (OutputStream out = file.getFileSystem(hadoop()).create(file, true)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
