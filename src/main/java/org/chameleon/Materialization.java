package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.materialize.Materializer;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.MixedCorpusFolder;
import org.chameleon.materialize.ShardFormat;
import org.chameleon.materialize.ShardSettings;
import org.chameleon.model.Tokenizer;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.run.Artifact;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Folder;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;
import org.chameleon.storage.OwnFolder;
import org.chameleon.storage.Verifier;

/** Writes the mixed corpus of a finished run into a folder of its own. */
public final class Materialization {
  private final SparkSession spark;
  private final RunDirectory run;
  private final RunConfig config;

  /**
   * Creates the materialization of a run.
   *
   * @param given the configuration that the run had, for a corpus whose URI has secrets, which a
   *     run does not record; null: as recorded
   * @throws InvalidInputException if there is no run, or it had another corpus
   */
  public Materialization(SparkSession spark, RunDirectory run, RunConfig given) {
    this.spark = spark;
    this.run = run;
    JsonNode recorded = run.record("materialize").configuration();
    this.config = given == null ? RunConfig.of(recorded) : given;
    requireSame(recorded);
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

  /** The corpus is the recorded one but for its secrets, and they are known. */
  private void requireSame(JsonNode recorded) {
    CorpusConfig corpus = config.corpus();
    if (!Secrets.hidden(Json.configuration(corpus)).equals(recorded.path("corpus"))) {
      throw new InvalidInputException(
          "Cannot materialize %s: corpus in --config is not that of the run, %s. Give the configuration that it was run with."
              .formatted(run, recorded.path("corpus")));
    }
    List<String> paths = new ArrayList<>(corpus.path());
    corpus.domains().values().forEach(paths::addAll);
    if (paths.stream().anyMatch(Secrets::wereIn)) {
      throw new InvalidInputException(
          "Cannot materialize %s: the run does not record the secrets of its corpus, %s. Give --config, and --set, as it was run with."
              .formatted(run, recorded.path("corpus")));
    }
  }

  /**
   * Writes the mixed corpus.
   *
   * @throws InvalidInputException if the run has no plan of a corpus, the corpus has changed, or
   *     the folder cannot be written or holds something
   */
  public MixedCorpus write(String output, Options options) {
    run.requireCurrent("materialize", Stage.PLAN);
    List<String> problems = run.problems(Verifier.here(run.folder()), Stage.PLAN);
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          "Cannot materialize %s: %s Run it again with --resume."
              .formatted(run, String.join(" ", problems)));
    }
    if (!config.corpus().given()) {
      throw new InvalidInputException(
          "Cannot materialize %s: it was made from embeddings and knows no documents. Run it with a corpus."
              .formatted(run));
    }
    Folder folder = Folder.at(output, hadoop());
    Existing existing = options.overwrite() ? Existing.OVERWRITE : Existing.REFUSE;
    try (OwnFolder own = OwnFolder.take(folder, MixedCorpusFolder.CONTENT, existing, inputs())) {
      SamplingPlan plan = run.plan();
      String tokenizer = tokenizer(plan);
      Corpus corpus = Corpus.open(spark, config.corpus());
      Materializer.requireSame(corpus, plan);
      try {
        MixedCorpusFolder.mark(folder);
        own.clear(MixedCorpusFolder.CONTENT);
        MixedCorpus mixed =
            materializer(plan, tokenizer, options)
                .write(corpus, plan, source(tokenizer), folder.uri(MixedCorpusFolder.DATA));
        own.replace(MixedCorpusFolder.MANIFEST, Json.text(mixed));
        return mixed;
      } catch (Throwable failure) {
        own.discard(MixedCorpusFolder.CONTENT, MixedCorpusFolder.MARK, failure);
        throw failure;
      } finally {
        spark.sparkContext().clearJobGroup();
      }
    }
  }

  private InputPaths inputs() {
    Map<String, List<String>> all = new TreeMap<>(config.inputs().byKey());
    all.put("--run", List.of(run.toString()));
    return new InputPaths(all);
  }

  private Materializer materializer(SamplingPlan plan, String tokenizer, Options options) {
    CorpusConfig corpus = config.corpus();
    ShardSettings settings =
        new ShardSettings(
            options.seed() == null ? plan.seed() : options.seed(),
            options.format(),
            options.shardBytes(),
            corpus.domainColumn(),
            corpus.tokensColumn().orElse(corpus.textColumn()));
    spark.sparkContext().setJobGroup("materialize", "chameleon materialize", true);
    return new Materializer(spark, tokenizer, settings);
  }

  private MixedCorpus.Source source(String tokenizer) {
    return new MixedCorpus.Source(
        Secrets.hidden(run.toString()),
        DigestUtils.sha256Hex(run.bytes(Artifact.MANIFEST)),
        tokenizer == null ? null : DigestUtils.sha256Hex(tokenizer));
  }

  /** Returns the tokenizer whose tokens are planned, or null for a corpus of token ids. */
  private String tokenizer(SamplingPlan plan) {
    if (config.corpus().tokensColumn().isPresent()) {
      return null;
    }
    String where = config.plan().tokenizer().orElseGet(() -> run.uri(Artifact.PROXY));
    if (Secrets.wereIn(where)) {
      throw new InvalidInputException(
          "Cannot materialize %s: the run does not record the secrets of plan.tokenizer, %s. Give --config, and --set, as it was run with."
              .formatted(run, where));
    }
    String json = Tokenizer.read(where, hadoop());
    if (!DigestUtils.sha256Hex(json).equals(plan.tokenizerSha256())) {
      throw new InvalidInputException(
          "Cannot count tokens: the tokenizer %s is not the one of the plan. Restore it, or run again with --resume."
              .formatted(where));
    }
    return json;
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
