package org.chameleon;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.corpus.Corpus;
import org.chameleon.doctor.EngineCheck;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.DomainStates;
import org.chameleon.embedding.DomainTable;
import org.chameleon.embedding.Embedder;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.embedding.Samples;
import org.chameleon.mixture.Mixture;
import org.chameleon.model.Checkpoint;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.Provenance;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.chameleon.run.StageRunner;
import org.chameleon.sampling.SampledWindows;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sampling.Windows;
import org.chameleon.storage.Json;
import org.chameleon.training.ProxyTrainer;

/**
 * The main path: corpus to proxy to windows to domain means to mixture to plan to report. Each
 * stage reads what the stages before it left in the run directory, so any of them can be reused.
 */
public final class Chameleon {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final StageInputs inputs;
  private final Planning planning;
  private final String runId;
  private boolean embeds;
  private boolean proxyChecked;
  private boolean engineChecked;

  /**
   * Creates a run of a configuration into a prepared directory.
   *
   * @param runId what the run's record calls this submission
   */
  public Chameleon(SparkSession spark, RunConfig config, RunDirectory run, String runId) {
    this.spark = spark;
    this.config = config;
    this.run = run;
    this.inputs = new StageInputs(config);
    this.planning = new Planning(spark, config, run);
    this.runId = runId;
  }

  /**
   * Runs all stages up to and including {@code until}.
   *
   * @throws org.chameleon.config.InvalidInputException if the input cannot be processed; {@code
   *     run.json} then says which stage failed, and nothing is half written
   */
  public void run(Stage until) {
    planning.requireTokenizer();
    if (config.embedding().from().isPresent()) {
      runFromEmbeddings(until);
    } else {
      runFromCorpus(until);
    }
  }

  private void runFromCorpus(Stage until) {
    embeds = !Stage.EMBED.isAfter(until);
    Corpus corpus = Corpus.open(spark, config.corpus());
    List<Object> proxy = inputs.proxy(corpus, hadoop());
    StageRunner stages = stages(until);
    stages.run(Stage.TRAIN, proxy, output -> proxy(corpus, output));
    stages.run(Stage.SAMPLE, inputs.windows(corpus), output -> sample(corpus, output));
    stages.run(Stage.EMBED, inputs.embeddings(), this::embed);
    stages.run(Stage.MIX, inputs.mixture(), this::mix);
    planning.run(stages, corpus);
  }

  private void runFromEmbeddings(Stage until) {
    ExternalSamples samples = ExternalSamples.open(spark, config.embedding().from().get());
    StageRunner stages = stages(until);
    stages.run(Stage.EMBED, samples.identity(), output -> average(samples, output));
    stages.run(Stage.MIX, inputs.mixture(), this::mix);
    planning.run(stages, config.plan().countsTokens() ? Corpus.open(spark, config.corpus()) : null);
  }

  private StageRunner stages(Stage until) {
    return new StageRunner(
        run,
        spark.sparkContext(),
        until,
        Provenance.of(Json.configuration(config), runId, spark.version(), config.stages()));
  }

  private Counts proxy(Corpus corpus, StageOutput output) {
    return config.proxy().checkpoint().isPresent() ? copy(output) : train(corpus, output);
  }

  private Counts copy(StageOutput output) {
    Checkpoint given = checkpoint(config.proxy().checkpoint().get());
    requireReady(given);
    given.files().forEach(name -> output.copy(given.uri() + "/" + name, Artifact.PROXY, name));
    return Counts.NONE;
  }

  private Counts train(Corpus corpus, StageOutput output) {
    requireEngine();
    corpus.countInto(output.metrics().preparing(spark.sparkContext()));
    ProxyTrainer trainer =
        new ProxyTrainer(
            spark,
            config.proxy().train(),
            config.training(),
            new ProxyTrainer.Compute(config.embedding().device(), config.seed(), output.metrics()));
    ProxyTrainer.Result trained = trainer.train(corpus, output.folder(Artifact.PROXY));
    trained.files().forEach(file -> output.file(Artifact.PROXY, file));
    output.json(Artifact.TRAINING_LOG, trained.log());
    return Counts.NONE
        .with(Counts.DOMAINS, (long) corpus.domains().size())
        .with(Counts.TOKENS, trained.log().tokens())
        .with(Counts.PARAMETERS, trained.log().parameters())
        .with(Counts.FLOPS, trained.log().flops());
  }

  private Counts sample(Corpus corpus, StageOutput output) {
    corpus.countInto(output.metrics());
    WindowSampler.Seed seed = new WindowSampler.Seed(config.seed(), "sample");
    Checkpoint proxy = proxyCheckpoint();
    requireReady(proxy);
    WindowSampler sampler = new WindowSampler(spark, proxy.tokenizer(), config.sample(), seed);
    try (SampledWindows sampled = sampler.sample(corpus)) {
      output.table(
          Artifact.WINDOWS, sampled.windows(), sampled.count(), Windows.DOMAIN, Windows.WINDOW);
      output.json(Artifact.STATISTICS, new DomainSizes(sampled.domains(), corpus.tables()));
      return Counts.NONE
          .with(Counts.DOMAINS, (long) sampled.domains().size())
          .with(Counts.WINDOWS, sampled.count());
    }
  }

  private Counts embed(StageOutput output) {
    Checkpoint proxy = proxyCheckpoint();
    requireReady(proxy);
    Dataset<Row> windows = run.windows(spark);
    Row totals = windows.selectExpr("count(1)", "coalesce(sum(size(ids)), 0L)").head();
    output.metrics().expectWindows(totals.getLong(0));
    Embedder embedder = new Embedder(proxy, config.embedding(), output.metrics());
    return writeEmbeddings(embedder.embed(windows), totals.getLong(0), output)
        .with(Counts.TOKENS, totals.getLong(1));
  }

  private Counts average(ExternalSamples samples, StageOutput output) {
    return writeEmbeddings(samples.rows(), samples.count(), output);
  }

  private Counts writeEmbeddings(Dataset<Row> samples, long count, StageOutput output) {
    output.table(Artifact.SAMPLES, samples, count, Samples.DOMAIN, Samples.WINDOW);
    Dataset<Row> states = DomainStates.of(output.table(spark, Artifact.SAMPLES));
    output.table(Artifact.STATES, states, 1, DomainStates.DOMAIN, DomainStates.GROUP);
    DomainEmbeddings domains = DomainEmbeddings.of(output.table(spark, Artifact.STATES));
    output.smallTable(Artifact.MEANS, DomainTable.rows(domains), DomainTable.SCHEMA);
    return Counts.NONE
        .with(Counts.DOMAINS, (long) domains.domains().size())
        .with(Counts.WINDOWS, count);
  }

  private Counts mix(StageOutput output) {
    Map<String, Long> tokens = new TreeMap<>();
    planning.sampledSizes().domains().forEach(d -> tokens.put(d.name(), d.tokens()));
    DomainEmbeddings embeddings = DomainEmbeddings.of(run.states(spark));
    Mixture mixture = Mixture.of(embeddings, tokens, config.seed(), config.mixture());
    output.json(Artifact.MIXTURE, mixture);
    return Counts.NONE.with(Counts.DOMAINS, (long) mixture.domains().size());
  }

  /** Checks, at the first stage that runs, all that those behind it need of the proxy. */
  private void requireReady(Checkpoint proxy) {
    if (!proxyChecked) {
      config.embedding().layerOf(proxy.shape());
      proxy.requireUsable(config.sample().windowTokens(), hadoop());
      proxyChecked = true;
    }
    if (embeds) {
      requireEngine();
    }
  }

  /** Lets an executor look, before the first stage that runs, whether it can compute. */
  private void requireEngine() {
    if (!engineChecked) {
      EngineCheck.require(spark.sparkContext(), config.embedding());
      engineChecked = true;
    }
  }

  private Checkpoint proxyCheckpoint() {
    return checkpoint(run.uri(Artifact.PROXY));
  }

  private Checkpoint checkpoint(String uri) {
    return Checkpoint.open(uri, inputs.tokenizerNeed(), hadoop());
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
