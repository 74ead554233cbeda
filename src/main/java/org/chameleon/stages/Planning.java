package org.chameleon.stages;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunConfig;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.Corpus;
import org.chameleon.evaluation.Findings;
import org.chameleon.export.Export;
import org.chameleon.export.Exports;
import org.chameleon.model.Precision;
import org.chameleon.model.Tokenizer;
import org.chameleon.plan.MixtureOrigin;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.TokenOrigin;
import org.chameleon.report.Report;
import org.chameleon.report.ReportNote;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.chameleon.run.StageRunner;
import org.chameleon.sampling.DomainSize;
import org.chameleon.sampling.DomainTokenCounter;
import org.chameleon.sampling.WindowSampler;

/** The second half of the main path: from a mixture to tokens, trainers' files and the page. */
public final class Planning {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final StageInputs inputs;

  /** Creates the second half of a run. */
  public Planning(SparkSession spark, RunConfig config, RunDirectory run) {
    this.spark = spark;
    this.config = config;
    this.run = run;
    this.inputs = new StageInputs(config);
  }

  /** Reads, before any work is spent, the tokenizer that is given to plan with; "" for none. */
  public String tokenizerToPlanWith() {
    return config.plan().tokenizer().map(uri -> Tokenizer.read(uri, hadoop())).orElse("");
  }

  /**
   * Returns which mixture is to be planned; says, before any work is spent, that none can be
   * recommended where nothing was evaluated.
   *
   * @param until last stage that will run
   */
  public MixtureOrigin mixtureToPlan(Stage until) {
    boolean planned = !Stage.PLAN.isAfter(until);
    boolean fresh = run.replacesRun() || !run.has(Artifact.RECOMMENDATION);
    if (planned && fresh && config.plan().from() == MixtureOrigin.RECOMMENDED) {
      throw new InvalidInputException(
          "Cannot plan the recommended mixture: the run's mixture has not been evaluated. Run with plan.from = computed, then chameleon evaluate --run %s, then this again with --resume."
              .formatted(Secrets.hidden(run.toString())));
    }
    return config.plan().from();
  }

  /**
   * Runs the stages.
   *
   * @param corpus not used where the plan counts no tokens
   */
  public void run(StageRunner stages, Corpus corpus) {
    String tokenizer = tokenizer();
    if (config.plan().countsTokens()) {
      List<Object> counted = inputs.tokens(corpus, tokenizer);
      stages.run(Stage.COUNT, counted, output -> count(corpus, tokenizer, output));
    }
    EvaluationInputs evaluated = new EvaluationInputs(config, run, hadoop());
    stages.keep(Stage.EVALUATE, evaluated::hold);
    Optional<Findings> found = findings();
    List<Object> planned = inputs.plan(exportsFolder(), tokenizer, found);
    stages.run(Stage.PLAN, planned, output -> plan(tokenizer, found, output));
    stages.run(Stage.REPORT, inputs.report(found), output -> report(found, output));
  }

  private Counts count(Corpus corpus, String tokenizer, StageOutput output) {
    corpus.countInto(output.metrics());
    DomainReuse reuse = DomainReuse.into(output, inputs.tokensOfDomain(tokenizer));
    DomainSizes before = output.earlierRun().map(RunDirectory::tokens).orElse(DomainSizes.UNKNOWN);
    Corpus.Unknown unknown = reuse.unknown(corpus, before);
    DomainSizes sizes =
        reuse.sizes(corpus, unknown, before, counted(unknown, before, tokenizer), output);
    output.json(Artifact.TOKENS, sizes);
    return DomainReuse.counts(corpus, unknown)
        .with(Counts.DOMAINS, (long) sizes.domains().size())
        .with(Counts.TOKENS, sizes.domains().stream().mapToLong(DomainSize::tokens).sum());
  }

  private List<DomainSize> counted(Corpus.Unknown unknown, DomainSizes before, String tokenizer) {
    Corpus corpus = unknown.corpus();
    if (corpus.domains().isEmpty()) {
      return List.of();
    }
    DomainTokenCounter counter = new DomainTokenCounter(spark, tokenizer);
    WindowSampler.Seed seed = new WindowSampler.Seed(config.seed(), "count");
    return config.plan().count() == TokenOrigin.EXACT
        ? counter.count(corpus, before.readWhole(unknown.grown()))
        : counter.estimate(corpus, config.sample().documents(), seed);
  }

  private Optional<Findings> findings() {
    return run.results()
        .flatMap(results -> run.recommendation().map(advice -> new Findings(results, advice)));
  }

  private Counts plan(String tokenizer, Optional<Findings> found, StageOutput output) {
    DomainSizes sizes = sizes();
    String sha256 = tokenizer.isEmpty() ? null : DigestUtils.sha256Hex(tokenizer);
    SamplingPlan shares = shares(sizes.domains(), found);
    SamplingPlan plan =
        shares
            .withCorpus(sizes.tables(), sha256)
            .withEvidence(found.flatMap(f -> f.evidence(shares, config.plan().from())));
    Export exports = Exports.of(plan, config.plan(), config.corpus(), exportsFolder());
    output.json(Artifact.MANIFEST, plan.withWarnings(exports.warnings()));
    exports.files().forEach((name, text) -> output.text(Artifact.EXPORTS, name, text));
    return Counts.NONE
        .with(Counts.DOMAINS, (long) plan.domains().size())
        .with(Counts.TOKENS, plan.targetTokens());
  }

  private SamplingPlan shares(List<DomainSize> sizes, Optional<Findings> found) {
    return switch (config.plan().from()) {
      case COMPUTED -> SamplingPlan.of(run.mixture(), sizes, config.seed(), config.plan());
      case RECOMMENDED ->
          SamplingPlan.ofWeights(
              run.mixture(), recommended(found), sizes, config.seed(), config.plan());
    };
  }

  private Map<String, Double> recommended(Optional<Findings> found) {
    return found
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Cannot plan the recommended mixture: the run's mixture has not been evaluated. Run chameleon evaluate --run %s, or set plan.from = computed."
                        .formatted(Secrets.hidden(run.toString()))))
        .recommendation()
        .weights();
  }

  private String exportsFolder() {
    return Secrets.hidden(run.uri(Artifact.EXPORTS));
  }

  private Counts report(Optional<Findings> found, StageOutput output) {
    String page = new Report(config.report()).html(run.mixture(), run.plan(), found, notes());
    output.text(Artifact.REPORT, page);
    return Counts.NONE;
  }

  /** The format that was chosen is told by the run's record: the embeddings may be reused. */
  private Set<ReportNote> notes() {
    boolean chosen =
        config.embedding().precision() == Precision.AUTO
            && run.record("report")
                .stage(Stage.EMBED)
                .counts()
                .value(Counts.PRECISION)
                .filter(formats -> formats.contains(Precision.BFLOAT16.toString()))
                .isPresent();
    return chosen ? EnumSet.of(ReportNote.BFLOAT16_CHOSEN) : EnumSet.noneOf(ReportNote.class);
  }

  /** Returns the {@code tokenizer.json} whose tokens are planned; "" where there is none. */
  private String tokenizer() {
    if (config.plan().tokenizer().isPresent()) {
      return Tokenizer.read(config.plan().tokenizer().get(), hadoop());
    }
    boolean text = config.corpus().tokensColumn().isEmpty() && config.embedding().from().isEmpty();
    return text && run.has(Artifact.PROXY)
        ? inputs.checkpoint(run.uri(Artifact.PROXY), hadoop()).tokenizer()
        : "";
  }

  /** Returns the sizes that are planned with. */
  public DomainSizes sizes() {
    return config.plan().countsTokens() ? run.tokens() : sampledSizes();
  }

  /** Returns the sizes that this run's sample tells; nothing where embeddings came from outside. */
  public DomainSizes sampledSizes() {
    return config.embedding().from().isEmpty() ? run.statistics() : DomainSizes.UNKNOWN;
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
