package org.chameleon.training;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.chameleon.cluster.StageGpus;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.chameleon.sampling.KeptOut;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sequences.ContentHashes;
import org.chameleon.sequences.MixtureSequences;
import org.chameleon.sequences.PoolReader;
import org.chameleon.sequences.TokenPool;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.HashedFile;
import org.chameleon.storage.PartWriter;

/**
 * Trains a tokenizer and a GPT-2 proxy on a corpus, under the mixture that has every domain with
 * the same weight whatever its size, and writes them as a Hugging Face checkpoint directory.
 */
public final class ProxyTrainer {
  /** Folder of what is trained on, as long as it is. */
  private static final String SEQUENCES = ".sequences";

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
  public record Result(TrainingLog log, List<FileRecord> files) implements PartWriter.Part {}

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
    compute.metrics().expectWindows(sequences());
    Folder pool = folder.folder(SEQUENCES);
    try {
      Result trained =
          train(shape, pool.uri(""), shares(corpus, tokenizer, keptOut, pool), directory);
      files.addAll(trained.files());
      return new Result(trained.log(), files);
    } finally {
      pool.delete("");
    }
  }

  /** Writes what is trained on; a domain without a whole sequence is left out. */
  private SortedMap<String, Double> shares(
      Corpus corpus, String tokenizer, KeptOut keptOut, Folder folder) {
    long each = (long) Math.ceil((double) sequences() / corpus.domains().size());
    SortedMap<String, Long> wanted = new TreeMap<>();
    corpus.domains().keySet().forEach(domain -> wanted.put(domain, each));
    WindowSampler.Seed seed = new WindowSampler.Seed(compute.seed(), "training");
    SortedMap<String, Double> shares = new TreeMap<>();
    new TokenPool(spark, tokenizer, seed, keptOut, ContentHashes.NONE)
        .write(corpus, wanted, model.context(), folder)
        .index()
        .sequences()
        .forEach(
            (domain, count) -> {
              if (count > 0) {
                shares.put(domain, 1.0);
              }
            });
    if (shares.isEmpty()) {
      throw new InvalidInputException(
          "Cannot train the proxy: the documents of no domain have %d tokens together. Lower proxy.train.context."
              .formatted(model.context() + 1));
    }
    return shares;
  }

  private int sequences() {
    return Math.multiplyExact(config.steps(), config.batch());
  }

  /** Trains on one executor, which writes the weights. */
  private Result train(
      ModelShape shape, String pool, SortedMap<String, Double> shares, String directory) {
    TrainingTask task = new TrainingTask(shape, config, compute, threads());
    int count = sequences();
    JavaRDD<SortedMap<String, Double>> one =
        new JavaSparkContext(spark.sparkContext()).parallelize(List.of(shares), 1);
    return new PartWriter(spark, directory)
        .write(
            new StageGpus(spark.sparkContext(), compute.device(), 1).given(one),
            (index, even, into, hadoop) -> trained(task, pool, even.next(), count, into, hadoop))
        .get(0);
  }

  private static Result trained(
      TrainingTask task,
      String pool,
      SortedMap<String, Double> shares,
      int count,
      Path into,
      Configuration hadoop)
      throws IOException {
    long seed = task.compute().seed();
    ModelState start = ModelState.initial(task.shape(), seed);
    try (PoolReader reader = PoolReader.open(pool, hadoop)) {
      Trained trained =
          task.train(
              start, new MixtureSequences(reader, shares, count, Map.of(), seed, "training"));
      HashedFile out = HashedFile.create(new Path(into, "model.safetensors"), hadoop);
      try (out) {
        Safetensors.write(trained.state().saved(task.shape()), out);
      }
      return new Result(trained.log(), List.of(out.record(null)));
    }
  }

  private Gpt2Family.Sizes sizes() {
    return Gpt2Family.Sizes.usual(
        model.layers(), model.width(), model.heads(), model.context(), model.vocabulary());
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
