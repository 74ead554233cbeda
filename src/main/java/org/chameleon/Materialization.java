package org.chameleon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.materialize.Materializer;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.ShardFormat;
import org.chameleon.materialize.ShardSettings;
import org.chameleon.model.Tokenizer;
import org.chameleon.plan.SamplingPlan;

/**
 * The mixed corpus of a finished run, in a folder of its own: shards below {@code data}, and {@code
 * manifest.json}, which is written last.
 */
public final class Materialization {
  static final String MANIFEST = "manifest.json";

  private static final Set<String> OURS = Set.of(MANIFEST, Materializer.FOLDER, RunLock.FOLDER);

  private final SparkSession spark;
  private final RunDirectory run;

  /** Creates the materialization of a run. */
  public Materialization(SparkSession spark, RunDirectory run) {
    this.spark = spark;
    this.run = run;
  }

  /**
   * How it is written.
   *
   * @param seed of what is drawn and shuffled; null: the run's
   * @param format of the shards
   * @param shardBytes size of a shard, about
   * @param overwrite whether an earlier one, finished or not, is deleted first
   */
  public record Options(Long seed, ShardFormat format, long shardBytes, boolean overwrite) {}

  /**
   * Writes the mixed corpus.
   *
   * @throws InvalidInputException if the run has no plan of a corpus, the corpus has changed, or
   *     the folder cannot be written or holds something
   */
  public MixedCorpus write(String output, Options options) {
    List<String> problems = new RunVerifier(run).problems(Stage.PLAN);
    if (!problems.isEmpty() || !run.has("plan/manifest.json")) {
      throw new InvalidInputException(
          "Cannot materialize %s: %s Run it again with --resume."
              .formatted(run, problems.isEmpty() ? "it has no plan." : String.join(" ", problems)));
    }
    RunConfig config = RunConfig.of(run.record().configuration());
    if (!config.corpus().given()) {
      throw new InvalidInputException(
          "Cannot materialize %s: it was made from embeddings and knows no documents. Run it with a corpus."
              .formatted(run));
    }
    SamplingPlan plan = run.json("plan/manifest.json", SamplingPlan.class);
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try {
      Path folder = new Path(output);
      FileSystem fileSystem = HadoopSettings.fileSystem(folder, hadoop);
      folder = fileSystem.makeQualified(folder);
      requireFree(fileSystem, folder, options.overwrite());
      try (RunLock held = RunLock.acquire(fileSystem, folder, RunLock.Lease.STANDARD)) {
        requireFree(fileSystem, folder, options.overwrite());
        fileSystem.delete(new Path(folder, MANIFEST), false);
        fileSystem.delete(new Path(folder, Materializer.FOLDER), true);
        MixedCorpus mixed = mix(config, plan, options, new Path(folder, Materializer.FOLDER));
        held.requireHeld();
        AtomicFile.replace(
            fileSystem,
            new Path(folder, MANIFEST),
            new Path(folder, "." + MANIFEST),
            Json.text(mixed));
        return mixed;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot write to %s: %s. Give an --output that can be written."
              .formatted(output, e.getMessage()),
          e);
    }
  }

  private MixedCorpus mix(RunConfig config, SamplingPlan plan, Options options, Path folder) {
    CorpusConfig corpus = config.corpus();
    long seed = options.seed() == null ? plan.seed() : options.seed();
    ShardSettings settings =
        new ShardSettings(
            seed,
            options.format(),
            options.shardBytes(),
            corpus.domainColumn(),
            corpus.tokensColumn().orElse(corpus.textColumn()));
    String tokenizer = tokenizer(config, plan);
    MixedCorpus.Source source =
        new MixedCorpus.Source(
            run.toString(),
            DigestUtils.sha256Hex(run.bytes("plan/manifest.json")),
            tokenizer == null ? null : DigestUtils.sha256Hex(tokenizer));
    spark.sparkContext().setJobGroup("materialize", "chameleon materialize", true);
    try {
      return new Materializer(spark, tokenizer, settings)
          .write(Corpus.open(spark, corpus), plan, source, folder.toString());
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  /** Returns the tokenizer whose tokens are planned, or null for a corpus of token ids. */
  private String tokenizer(RunConfig config, SamplingPlan plan) {
    if (config.corpus().tokensColumn().isPresent()) {
      return null;
    }
    String where = config.plan().tokenizer().orElseGet(() -> run.uri("proxy"));
    String json = Tokenizer.read(where, spark.sparkContext().hadoopConfiguration());
    if (!DigestUtils.sha256Hex(json).equals(plan.tokenizerSha256())) {
      throw new InvalidInputException(
          "Cannot count tokens: the tokenizer %s is not the one of the plan. Restore it, or run again with --resume."
              .formatted(where));
    }
    return json;
  }

  private static void requireFree(FileSystem fileSystem, Path folder, boolean overwrite)
      throws IOException {
    List<String> found = new ArrayList<>();
    if (fileSystem.exists(folder)) {
      for (FileStatus status : fileSystem.listStatus(folder)) {
        found.add(status.getPath().getName());
      }
    }
    found.remove(RunLock.FOLDER);
    found.removeIf(name -> name.startsWith("."));
    if (!found.isEmpty() && !OURS.containsAll(found)) {
      throw new InvalidInputException(
          "Cannot write to %s: it holds other files (%s). Give another --output."
              .formatted(folder, String.join(", ", found)));
    }
    if (!found.isEmpty() && !overwrite) {
      throw new InvalidInputException(
          "Cannot write to %s: it holds %s mixed corpus. Give --overwrite to replace it, or another --output."
              .formatted(folder, found.contains(MANIFEST) ? "a" : "an unfinished"));
    }
  }
}
