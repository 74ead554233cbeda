package org.chameleon;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.corpus.Corpus;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.DomainStates;
import org.chameleon.embedding.DomainTable;
import org.chameleon.embedding.Embedder;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.embedding.Reading;
import org.chameleon.embedding.Samples;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.ProxyShape;
import org.chameleon.model.Checkpoint;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.Provenance;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.RunRecord;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.chameleon.run.StageRunner;
import org.chameleon.sampling.HeldOut;
import org.chameleon.sampling.SampledWindows;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sampling.Windows;
import org.chameleon.storage.Json;

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
    Stage planned = config.plan().countsTokens() ? Stage.COUNT : Stage.PLAN;
    opened(planned, planning::tokenizerToPlanWith);
    opened(Stage.PLAN, () -> planning.mixtureToPlan(until));
    if (config.embedding().from().isPresent()) {
      runFromEmbeddings(until);
    } else {
      runFromCorpus(until);
    }
  }

  private void runFromCorpus(Stage until) {
    boolean trains = config.proxy().given().isEmpty();
    Corpus corpus = opened(trains ? Stage.TRAIN : Stage.SAMPLE, this::corpus);
    List<Object> made = opened(Stage.TRAIN, () -> inputs.proxy(corpus, hadoop()));
    Proxy proxy = new Proxy(spark, config, run, until);
    StageRunner stages = stages(until);
    stages.run(Stage.TRAIN, made, output -> proxy.make(corpus, output));
    stages.run(Stage.SAMPLE, inputs.windows(corpus), output -> sample(corpus, proxy, output));
    stages.run(Stage.EMBED, inputs.embeddings(), output -> embed(proxy, output));
    stages.run(Stage.MIX, inputs.mixture(), output -> mix(proxy.shape(), output));
    planning.run(stages, corpus);
  }

  private void runFromEmbeddings(Stage until) {
    String from = config.embedding().from().get();
    ExternalSamples samples = opened(Stage.EMBED, () -> ExternalSamples.open(spark, from));
    Corpus counted = config.plan().countsTokens() ? opened(Stage.COUNT, this::corpus) : null;
    StageRunner stages = stages(until);
    stages.run(Stage.EMBED, inputs.samples(samples), output -> average(samples, output));
    stages.run(Stage.MIX, inputs.mixture(), output -> mix(Optional.empty(), output));
    planning.run(stages, counted);
  }

  /** Where a run is to be overwritten, all that can be wrong with its corpus is seen before. */
  private Corpus corpus() {
    Corpus corpus = Corpus.open(spark, config.corpus());
    if (run.replacesRun()) {
      corpus.domains();
    }
    return corpus;
  }

  /** Opens what a stage is the first to need; a failure is recorded as that stage's. */
  private <T> T opened(Stage stage, Supplier<T> input) {
    try {
      return input.get();
    } catch (Throwable failure) {
      StageRunner.refuse(run, spark.sparkContext(), start(), stage, failure);
      throw failure;
    }
  }

  private StageRunner stages(Stage until) {
    return new StageRunner(run, spark.sparkContext(), until, start());
  }

  private RunRecord start() {
    return Provenance.of(Json.configuration(config), runId, spark.version(), config.stages());
  }

  private Counts sample(Corpus corpus, Proxy proxy, StageOutput output) {
    corpus.countInto(output.metrics());
    WindowSampler.Seed seed = new WindowSampler.Seed(config.seed(), "sample");
    String tokenizer = proxy.ready().tokenizer();
    HeldOut heldOut = HeldOut.of(corpus, config.corpus().heldOut(), config.seed());
    WindowSampler sampler =
        new WindowSampler(spark, tokenizer, config.sample(), seed).withKeptOut(heldOut);
    try (SampledWindows sampled = sampler.sample(corpus)) {
      output.table(
          Artifact.WINDOWS, sampled.windows(), sampled.count(), Windows.DOMAIN, Windows.WINDOW);
      output.json(
          Artifact.STATISTICS,
          new DomainSizes(sampled.domains(), corpus.tables(), corpus.leftOut()));
      return Counts.NONE
          .with(Counts.DOMAINS, (long) sampled.domains().size())
          .with(Counts.WINDOWS, sampled.count());
    }
  }

  private Counts embed(Proxy proxy, StageOutput output) {
    Checkpoint checkpoint = proxy.ready();
    Dataset<Row> windows = run.windows(spark);
    Row totals = windows.selectExpr("count(1)", "coalesce(sum(size(ids)), 0L)").head();
    output.metrics().expectWindows(totals.getLong(0));
    Embedder embedder = new Embedder(checkpoint, config.embedding(), output.metrics());
    Reading reading = Reading.of(checkpoint, config.embedding());
    output.table(
        Artifact.SAMPLES,
        embedder.embed(windows),
        totals.getLong(0),
        Samples.DOMAIN,
        Samples.WINDOW);
    Dataset<Row> samples = output.table(spark, Artifact.SAMPLES);
    Counts counts =
        writeMeans(DomainStates.of(samples, windows, config.seed()), totals.getLong(0), output)
            .with(Counts.TOKENS, totals.getLong(1))
            .with(Counts.READING, reading.toString());
    double ofToken =
        checkpoint.isModule()
            ? 0
            : checkpoint.shape().forwardFlops(reading.layer(), config.sample().windowTokens());
    return ofToken == 0 ? counts : counts.with(Counts.FLOPS, ofToken * totals.getLong(1));
  }

  private Counts average(ExternalSamples samples, StageOutput output) {
    long count = samples.count();
    output.table(Artifact.SAMPLES, samples.rows(), count, Samples.DOMAIN, Samples.WINDOW);
    Dataset<Row> written = output.table(spark, Artifact.SAMPLES);
    return writeMeans(DomainStates.of(written, config.seed()), count, output);
  }

  private Counts writeMeans(Dataset<Row> states, long count, StageOutput output) {
    output.table(Artifact.STATES, states, 1, DomainStates.DOMAIN, DomainStates.GROUP);
    DomainEmbeddings domains = DomainEmbeddings.of(output.table(spark, Artifact.STATES));
    output.smallTable(Artifact.MEANS, DomainTable.rows(domains), DomainTable.SCHEMA);
    return Counts.NONE
        .with(Counts.DOMAINS, (long) domains.domains().size())
        .with(Counts.WINDOWS, count);
  }

  private Counts mix(Optional<ProxyShape> proxy, StageOutput output) {
    Map<String, Long> tokens = new TreeMap<>();
    planning.sampledSizes().domains().forEach(d -> tokens.put(d.name(), d.tokens()));
    DomainEmbeddings embeddings = DomainEmbeddings.of(run.states(spark));
    Mixture mixture =
        Mixture.of(embeddings, tokens, config.mixture()).withScaleWarnings(proxy, config.mixture());
    boolean drawn = config.embedding().from().isEmpty();
    int asked = config.sample().windowsPerDomain();
    output.json(Artifact.MIXTURE, drawn ? mixture.withSampleWarnings(asked) : mixture);
    return Counts.NONE.with(Counts.DOMAINS, (long) mixture.domains().size());
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
