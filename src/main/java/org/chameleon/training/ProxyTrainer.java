package org.chameleon.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.cluster.StageGpus;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.Activation;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.chameleon.sampling.KeptOut;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.HashedFile;

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
   * What was trained.
   *
   * @param log what {@code training.json} says
   * @param files what was written, by their names in the directory
   */
  public record Result(TrainingLog log, List<FileRecord> files) implements Serializable {}

  /**
   * Trains and writes {@code config.json}, {@code tokenizer.json} and {@code model.safetensors}.
   *
   * @param keptOut documents that neither the tokenizer nor the model is trained on
   * @param directory that executors can write to
   * @throws InvalidInputException if the corpus is too small, or the loss stops being finite
   */
  public Result train(Corpus corpus, KeptOut keptOut, String directory) {
    Folder folder = Folder.at(directory, spark.sparkContext().hadoopConfiguration());
    String tokenizer =
        new TokenizerTrainer(
                model.vocabulary(), config.tokenizerDocuments(), compute.seed(), keptOut)
            .train(corpus);
    Gpt2Family family = new Gpt2Family();
    ModelShape shape = family.shape(sizes());
    List<FileRecord> files = new ArrayList<>();
    files.add(folder.write("tokenizer.json", tokenizer));
    files.add(folder.write("config.json", family.config(sizes())));
    long sequences = (long) config.steps() * config.batch();
    compute.metrics().expectWindows(sequences);
    try (TrainingSequences.Sequences drawn =
        new TrainingSequences(spark, tokenizer, compute.seed(), keptOut)
            .take(TrainingSequences.evenly(corpus), sequences, model.context() + 1, corpus)) {
      Result trained = train(shape, drawn.ids(), directory);
      files.addAll(trained.files());
      return new Result(trained.log(), files);
    }
  }

  /** Trains on one executor, which writes the weights. */
  private Result train(ModelShape shape, Dataset<Row> sequences, String directory) {
    TrainingTask task = new TrainingTask(shape, config, compute, threads());
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    StageGpus gpus = new StageGpus(spark.sparkContext(), compute.device(), 1);
    JavaRDD<Result> result =
        sequences
            .javaRDD()
            .mapPartitions(
                rows -> {
                  ModelState start = ModelState.initial(task.shape(), task.compute().seed());
                  Trained trained = task.train(start, ids(rows));
                  Path file = new Path(directory, "model.safetensors");
                  HashedFile out = HashedFile.create(file, hadoop.value().value());
                  try (out) {
                    Safetensors.write(trained.state().saved(task.shape()), out);
                  }
                  return List.of(new Result(trained.log(), List.of(out.record(null)))).iterator();
                });
    return gpus.given(result).collect().get(0);
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

  private Gpt2Family.Sizes sizes() {
    return new Gpt2Family.Sizes(
        model.layers(),
        model.width(),
        4 * model.width(),
        model.heads(),
        model.context(),
        model.vocabulary(),
        1e-5,
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
}
