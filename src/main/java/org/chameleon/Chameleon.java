package org.chameleon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunRecord.Counts;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusFile;
import org.chameleon.corpus.CorpusTable;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.DomainTable;
import org.chameleon.embedding.Embedder;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.embedding.Samples;
import org.chameleon.export.Export;
import org.chameleon.export.Exports;
import org.chameleon.mixture.Mixture;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.Tokenizer;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.TokenOrigin;
import org.chameleon.report.Report;
import org.chameleon.sampling.DomainSize;
import org.chameleon.sampling.DomainTokenCounter;
import org.chameleon.sampling.SampledWindows;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sampling.Windows;
import org.chameleon.training.ProxyTrainer;
import org.chameleon.training.TrainingLog;

/**
 * The main path: corpus to proxy to windows to domain means to mixture to plan to report. Each
 * stage reads what the stages before it left in the run directory, so any of them can be reused.
 */
public final class Chameleon {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory directory;
  private final String runId;

  /**
   * Creates a run of a configuration into a prepared directory.
   *
   * @param runId what the run's record calls this submission
   */
  public Chameleon(SparkSession spark, RunConfig config, RunDirectory directory, String runId) {
    this.spark = spark;
    this.config = config;
    this.directory = directory;
    this.runId = runId;
  }

  /**
   * Runs all stages up to and including {@code until}.
   *
   * @throws org.chameleon.config.InvalidInputException if the input cannot be processed; {@code
   *     run.json} then says which stage failed, and nothing is half written
   */
  public void run(Stage until) {
    if (config.embedding().from().isPresent()) {
      runFromEmbeddings(until);
    } else {
      runFromCorpus(until);
    }
  }

  private void runFromCorpus(Stage until) {
    Corpus corpus = Corpus.open(spark, config.corpus());
    List<Object> draw = List.of(corpus.files(), config.corpus(), config.sample(), config.seed());
    List<Object> proxy = proxyInputs(corpus.files());
    StageRunner stages = stages(until);
    stages.run(Stage.TRAIN, proxy, folder -> train(corpus, folder));
    stages.run(Stage.SAMPLE, draw, folder -> sample(corpus, folder));
    stages.run(Stage.EMBED, embeddingInputs(), this::embed);
    stages.run(Stage.MIX, List.of(config.mixture(), config.seed()), this::mix);
    countAndPlan(stages, corpus);
  }

  private void runFromEmbeddings(Stage until) {
    ExternalSamples samples = ExternalSamples.open(spark, config.embedding().from().get());
    StageRunner stages = stages(until);
    stages.run(Stage.EMBED, samples.identity(), folder -> average(samples, folder));
    stages.run(Stage.MIX, List.of(config.mixture(), config.seed()), this::mix);
    countAndPlan(stages, config.plan().countsTokens() ? Corpus.open(spark, config.corpus()) : null);
  }

  private void countAndPlan(StageRunner stages, Corpus corpus) {
    if (config.plan().countsTokens()) {
      String tokenizer = countingTokenizer();
      List<Object> inputs =
          List.of(
              corpus.files(),
              config.corpus(),
              config.plan().count(),
              config.sample().documents(),
              config.seed(),
              DigestUtils.sha256Hex(tokenizer));
      stages.run(Stage.COUNT, inputs, folder -> count(corpus, tokenizer, folder));
    }
    stages.run(Stage.PLAN, List.of(config.plan(), config.seed()), this::plan);
    stages.run(Stage.REPORT, List.of(config.report()), this::report);
  }

  private StageRunner stages(Stage until) {
    RunRecord start = Provenance.of(config, runId, spark.version());
    return new StageRunner(directory, spark.sparkContext(), until, start);
  }

  private Counts train(Corpus corpus, String folder) {
    String proxy = folder + "/" + Stage.TRAIN.output();
    directory.makeFolder(proxy);
    if (config.proxy().checkpoint().isPresent()) {
      Checkpoint given = checkpoint(config.proxy().checkpoint().get());
      given
          .files()
          .forEach(name -> directory.copy(given.uri() + "/" + name, proxy + "/" + name, hadoop()));
      return Counts.none();
    }
    TaskMetrics metrics = metrics(Stage.TRAIN);
    corpus.countInto(metrics);
    ProxyTrainer trainer =
        new ProxyTrainer(
            spark,
            config.proxy().train(),
            config.training(),
            new ProxyTrainer.Compute(config.embedding().device(), config.seed(), metrics));
    TrainingLog log = trainer.train(corpus, directory.uri(proxy));
    directory.writeText(proxy + "/training.json", Json.text(log));
    return Counts.none()
        .domains(corpus.domains().size())
        .tokens(log.tokens())
        .model(log.parameters(), log.flops())
        .of(metrics);
  }

  private Counts sample(Corpus corpus, String folder) {
    TaskMetrics metrics = metrics(Stage.SAMPLE);
    corpus.countInto(metrics);
    WindowSampler sampler =
        new WindowSampler(
            spark,
            proxy().tokenizer(),
            config.sample(),
            new WindowSampler.Seed(config.seed(), "sample"));
    SampledWindows sampled = sampler.sample(corpus);
    String sample = folder + "/" + Stage.SAMPLE.output();
    long windows = sampled.domains().stream().mapToLong(DomainSize::windows).sum();
    directory
        .tables()
        .write(sampled.windows(), windows, sample + "/windows", Windows.DOMAIN, Windows.WINDOW);
    directory.writeText(
        sample + "/domains.json", Json.text(new Statistics(sampled.domains(), corpus.tables())));
    return Counts.none().domains(sampled.domains().size()).windows(windows).of(metrics);
  }

  private Counts embed(String folder) {
    TaskMetrics metrics = metrics(Stage.EMBED);
    Embedder embedder = new Embedder(proxy(), config.embedding(), metrics);
    Dataset<Row> windows = spark.read().parquet(directory.uri("sample/windows"));
    Row totals = windows.selectExpr("count(1)", "coalesce(sum(size(ids)), 0L)").head();
    Counts counts = writeEmbeddings(embedder.embed(windows), totals.getLong(0), folder);
    return counts.tokens(totals.getLong(1)).of(metrics);
  }

  private Counts average(ExternalSamples samples, String folder) {
    return writeEmbeddings(samples.rows(), samples.count(), folder);
  }

  private Counts writeEmbeddings(Dataset<Row> samples, long count, String folder) {
    String embedding = folder + "/" + Stage.EMBED.output();
    directory
        .tables()
        .write(samples, count, embedding + "/samples", Samples.DOMAIN, Samples.WINDOW);
    Dataset<Row> written = spark.read().parquet(directory.uri(embedding + "/samples"));
    DomainEmbeddings domains = DomainEmbeddings.of(written);
    directory
        .tables()
        .writeFile(
            DomainTable.of(spark, domains), embedding + "/domains.parquet", DomainTable.DOMAIN);
    return Counts.none().domains(domains.domains().size()).windows(count);
  }

  private Counts mix(String folder) {
    DomainEmbeddings embeddings =
        DomainEmbeddings.of(spark.read().parquet(directory.uri("embedding/samples")));
    Map<String, Long> tokens = new TreeMap<>();
    statistics().forEach(domain -> tokens.put(domain.name(), domain.tokens()));
    Mixture mixture = Mixture.of(embeddings, tokens, config.seed(), config.mixture());
    directory.writeText(folder + "/" + Stage.MIX.output(), Json.text(mixture));
    return Counts.none().domains(mixture.domains().size());
  }

  private Counts count(Corpus corpus, String tokenizer, String folder) {
    TaskMetrics metrics = metrics(Stage.COUNT);
    corpus.countInto(metrics);
    DomainTokenCounter counter = new DomainTokenCounter(spark, tokenizer);
    List<DomainSize> counted =
        config.plan().count() == TokenOrigin.EXACT
            ? counter.count(corpus)
            : counter.estimate(
                corpus,
                config.sample().documents(),
                new WindowSampler.Seed(config.seed(), "count"));
    directory.writeText(
        folder + "/" + Stage.COUNT.output(), Json.text(new Counted(counted, corpus.tables())));
    long tokens = counted.stream().mapToLong(DomainSize::tokens).sum();
    return Counts.none().domains(counted.size()).tokens(tokens).of(metrics);
  }

  private Counts plan(String folder) {
    Sizes sizes = sizes();
    String tokenizer = countingTokenizer();
    SamplingPlan plan =
        SamplingPlan.of(mixture(), sizes.domains(), config.seed(), config.plan())
            .withCorpus(
                sizes.tables(), tokenizer.isEmpty() ? null : DigestUtils.sha256Hex(tokenizer));
    String output = folder + "/" + Stage.PLAN.output();
    Export exports =
        Exports.of(plan, config.plan(), config.corpus(), directory.uri("plan/exports"));
    directory.writeText(
        output + "/manifest.json", Json.text(plan.withWarnings(exports.warnings())));
    exports.files().forEach((name, text) -> directory.writeText(output + "/exports/" + name, text));
    return Counts.none().domains(plan.domains().size()).tokens(plan.targetTokens());
  }

  private Counts report(String folder) {
    Report report = new Report(config.report());
    directory.writeText(folder + "/" + Stage.REPORT.output(), report.html(mixture(), manifest()));
    return Counts.none();
  }

  private TaskMetrics metrics(Stage stage) {
    return TaskMetrics.of(spark.sparkContext(), stage.toString());
  }

  /** Returns the mixture of a run that has one. */
  public Mixture mixture() {
    return directory.json("mixture.json", Mixture.class);
  }

  /** Returns the plan of a run that has one. */
  public SamplingPlan manifest() {
    return directory.json("plan/manifest.json", SamplingPlan.class);
  }

  private Checkpoint proxy() {
    return checkpoint(directory.uri("proxy"));
  }

  private Checkpoint checkpoint(String uri) {
    boolean text = config.corpus().tokensColumn().isEmpty();
    return Checkpoint.open(uri, text ? TokenizerNeed.REQUIRED : TokenizerNeed.OPTIONAL, hadoop());
  }

  /** The content of {@code sample/domains.json}. */
  private record Statistics(List<DomainSize> domains, List<CorpusTable> tables) {}

  /** The content of {@code tokens.json}. */
  private record Counted(List<DomainSize> domains, List<CorpusTable> tables) {}

  /** What the plan knows of sizes, and the tables that the files belong to. */
  private record Sizes(List<DomainSize> domains, List<CorpusTable> tables) {}

  private Sizes sizes() {
    if (config.plan().countsTokens()) {
      Counted counted = directory.json("tokens.json", Counted.class);
      return new Sizes(counted.domains(), counted.tables());
    }
    return new Sizes(sampled().domains(), sampled().tables());
  }

  /** Returns the {@code tokenizer.json} whose tokens are planned; "" where there is none. */
  private String countingTokenizer() {
    if (config.plan().tokenizer().isPresent()) {
      return Tokenizer.read(config.plan().tokenizer().get(), hadoop());
    }
    boolean text = config.corpus().tokensColumn().isEmpty();
    return text && directory.has("proxy/tokenizer.json") && config.embedding().from().isEmpty()
        ? Tokenizer.read(directory.uri("proxy"), hadoop())
        : "";
  }

  private List<DomainSize> statistics() {
    return sampled().domains();
  }

  private Statistics sampled() {
    return config.embedding().from().isEmpty() && directory.has("sample/domains.json")
        ? directory.json("sample/domains.json", Statistics.class)
        : new Statistics(List.of(), List.of());
  }

  private List<Object> proxyInputs(List<CorpusFile> files) {
    if (config.proxy().checkpoint().isPresent()) {
      Checkpoint given = checkpoint(config.proxy().checkpoint().get());
      return List.of(given.uri(), given.identity(hadoop()));
    }
    return List.of(
        files, config.corpus(), config.proxy().train(), config.training(), config.seed());
  }

  /** All that changes an embedding: not the number of tasks. */
  private List<Object> embeddingInputs() {
    List<Object> inputs = new ArrayList<>();
    inputs.add(config.embedding().layer());
    inputs.add(config.embedding().precision());
    inputs.add(config.embedding().device());
    inputs.add(config.embedding().batchTokens());
    return inputs;
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
