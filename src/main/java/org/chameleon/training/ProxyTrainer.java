package org.chameleon.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.cluster.StageGpus;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.ModelFamily;
import org.chameleon.model.ModelShape;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.HadoopSettings;

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
  public Result train(Corpus corpus, String directory) {
    String tokenizer =
        new TokenizerTrainer(model.vocabulary(), config.tokenizerDocuments(), compute.seed())
            .train(corpus);
    write(directory, "tokenizer.json", tokenizer);
    write(directory, "config.json", configJson());
    Dataset<Row> sequences =
        new TrainingSequences(spark, tokenizer, compute.seed())
            .take((long) config.steps() * config.batch(), model.context() + 1, corpus);
    TrainingTask task =
        new TrainingTask(
            shape(), config, compute, threads(), directory, HadoopSettings.broadcast(spark));
    StageGpus gpus = new StageGpus(spark.sparkContext(), compute.device(), 1);
    JavaRDD<Row> log = gpus.given(sequences.javaRDD().mapPartitions(task));
    TrainingLog summary = summary(log.collect());
    return new Result(summary, List.of());
  }

  /** What was trained. */
  public record Result(TrainingLog log, List<FileRecord> files) {}

  private ModelShape shape() {
    return new ModelShape(
        ModelFamily.GPT2,
        model.layers(),
        model.width(),
        model.heads(),
        model.heads(),
        model.context(),
        model.vocabulary(),
        1e-5,
        0,
        0);
  }

  private String configJson() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("activation_function", "gelu_new").putArray("architectures").add("GPT2LMHeadModel");
    node.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
    node.put("bos_token_id", 0).put("eos_token_id", 0);
    node.put("initializer_range", 0.02).put("layer_norm_epsilon", 1e-5);
    node.put("model_type", "gpt2").put("n_ctx", model.context()).put("n_embd", model.width());
    node.put("n_head", model.heads()).put("n_layer", model.layers());
    node.put("n_positions", model.context()).put("tie_word_embeddings", true);
    node.put("torch_dtype", "float32").put("vocab_size", model.vocabulary());
    return node.toPrettyString() + "\n";
  }

  private TrainingLog summary(List<Row> log) {
    List<TrainingLog.Step> steps = new ArrayList<>();
    long tokens = 0;
    Row last = log.get(log.size() - 1);
    for (Row row : log.subList(0, log.size() - 1)) {
      steps.add(
          new TrainingLog.Step(
              row.getInt(0), row.getDouble(1), row.getDouble(2), row.getDouble(3)));
      tokens += row.getLong(4);
    }
    List<TrainingLog.Step> tail =
        steps.subList(steps.size() - Math.max(1, steps.size() / 10), steps.size());
    double finalLoss = tail.stream().mapToDouble(TrainingLog.Step::loss).average().orElseThrow();
    return new TrainingLog(
        last.getLong(4),
        tokens,
        tokens * flopsPerToken(),
        last.getDouble(1),
        finalLoss,
        last.getString(5),
        steps);
  }

  /**
   * Three times the forward pass: two per weight that multiplies, and attention over the context.
   */
  private double flopsPerToken() {
    double width = model.width();
    double products = 12 * model.layers() * width * width + model.vocabulary() * width;
    double attention = 2.0 * model.layers() * model.context() * width;
    return 3 * 2 * (products + attention);
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
      out.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
