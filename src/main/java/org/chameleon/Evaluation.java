package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.evaluation.CandidateMixtures;
import org.chameleon.evaluation.EvaluationConfig;
import org.chameleon.evaluation.EvaluationEstimate;
import org.chameleon.evaluation.EvaluationWindows;
import org.chameleon.evaluation.Evaluator;
import org.chameleon.evaluation.HeldOutWindows;
import org.chameleon.evaluation.MeasuredDocuments;
import org.chameleon.evaluation.Results;
import org.chameleon.mixture.Mixture;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.Provenance;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.chameleon.run.StageRecord;
import org.chameleon.run.StageRunner;
import org.chameleon.sampling.DomainSize;
import org.chameleon.sampling.HeldOut;
import org.chameleon.stages.EvaluationInputs;
import org.chameleon.stages.Planning;
import org.chameleon.storage.Folder;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;

/**
 * Tries the mixture of a finished run: trains small models under it and its baselines, and plans
 * and reports anew with what came out.
 */
public final class Evaluation {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final String runId;
  private final Corpus corpus;
  private final Optional<Corpus> target;
  private final EvaluationInputs inputs;

  /**
   * Opens a finished run and its corpus.
   *
   * @param config as {@link #configuration} returns it
   * @param runId what the run's record calls this submission
   * @throws InvalidInputException if the run is not finished, its corpus has changed, or it cannot
   *     be evaluated
   */
  public Evaluation(SparkSession spark, RunConfig config, RunDirectory run, String runId) {
    run.requireCurrent("evaluate", Stage.MIX);
    this.spark = spark;
    this.config = config;
    this.run = run;
    this.runId = runId;
    this.corpus = corpus();
    this.target =
        config
            .evaluation()
            .target()
            .map(path -> Corpus.open(spark, config.corpus().only(MeasuredDocuments.TARGET, path)));
    this.inputs = new EvaluationInputs(config, run, hadoop());
  }

  /**
   * Returns how a run is evaluated: as it was configured, but for what is said of the evaluation.
   *
   * @param file configuration file, or null
   * @param overrides values by key, stronger than the file
   * @throws InvalidInputException if anything else is said than the run had
   */
  public static RunConfig configuration(
      RunDirectory run, String file, Map<String, String> overrides, Configuration hadoop) {
    JsonNode recorded = run.record("evaluate").configuration();
    Map<String, String> all = new LinkedHashMap<>(overrides);
    all.put("output", run.toString());
    RunConfig config = RunConfig.evaluating(recorded, file, all, hadoop);
    RecordedSettings.requireSame(
        config,
        recorded,
        Set.of("evaluation", "output", "report"),
        "Cannot evaluate %s: %%s not as the run had it. Change evaluation alone here, or run it again with --resume."
            .formatted(run));
    if (RecordedSettings.hideSecrets(config)) {
      throw new InvalidInputException(
          "Cannot evaluate %s: the run does not record the secrets of its inputs. Give --config as it was run with."
              .formatted(run));
    }
    return config;
  }

  private Corpus corpus() {
    if (!config.corpus().given()) {
      throw new InvalidInputException(
          "Cannot evaluate %s: it was made from embeddings and knows no documents. Run it with a corpus."
              .formatted(run));
    }
    Corpus found = Corpus.open(spark, config.corpus());
    for (DomainSize domain : sizes().domains()) {
      DomainFiles files = found.domains().get(domain.name());
      if (files == null || !files.sources().equals(domain.sources())) {
        throw new InvalidInputException(
            "Cannot evaluate %s: the files of domain '%s' have changed since. Run it again with --resume."
                .formatted(run, domain.name()));
      }
    }
    return found;
  }

  private DomainSizes sizes() {
    return new Planning(spark, config, run).sizes();
  }

  /** Returns what would be trained, and how long that takes. */
  public EvaluationEstimate estimate() {
    HeldOutConfig held = config.corpus().heldOut();
    double tokens =
        sizes().domains().stream()
            .mapToDouble(d -> Math.min((double) held.maxTokens(), held.fraction() * d.tokens()))
            .sum();
    long measured = Math.round(tokens) + (target.isPresent() ? held.maxTokens() : 0);
    return evaluator(TaskMetrics.of(spark.sparkContext(), "estimate")).estimate(measured);
  }

  /**
   * Trains, measures and compares; then plans and reports with what came out. What was finished is
   * kept when it is cut off.
   */
  public void run() {
    Planning planning = new Planning(spark, config, run);
    planning.tokenizerToPlanWith();
    requireOutside();
    StageRunner stages =
        StageRunner.goingOn(
            run,
            spark.sparkContext(),
            Stage.REPORT,
            Provenance.of(Json.configuration(config), runId, spark.version(), config.stages()));
    stages.run(Stage.EVALUATE, inputs.all(corpus, target), this::evaluate);
    run.deleteWork();
    planning.run(stages, corpus);
  }

  /** What an evaluation reads is not to lie where it writes. */
  private void requireOutside() {
    EvaluationConfig evaluation = config.evaluation();
    Map<String, List<String>> read = new TreeMap<>();
    evaluation.from().ifPresent(path -> read.put("evaluation.from", List.of(path)));
    evaluation.target().ifPresent(path -> read.put("evaluation.target", List.of(path)));
    read.put("evaluation.candidates", EvaluationInputs.weightFiles(evaluation));
    new InputPaths(read).requireOutside(run.folder().folder(Stage.EVALUATE.output()));
  }

  private Counts evaluate(StageOutput output) {
    Evaluator evaluator = evaluator(output.metrics());
    Folder work = run.workFolder();
    corpus.countInto(output.metrics().preparing(spark.sparkContext()));
    try (Evaluator.Evaluated evaluated = evaluator.evaluate(documents(), work, inputs.hashes())) {
      Results results = evaluated.results();
      write(evaluated.windows().heldOut(), Artifact.HELD_OUT, output);
      evaluated.windows().target().ifPresent(t -> write(t, Artifact.TARGET_WINDOWS, output));
      output.json(Artifact.RESULTS, results);
      output.json(Artifact.RECOMMENDATION, evaluated.recommendation());
      evaluated
          .models()
          .forEach((name, f) -> output.copy(f.uri(), f.sha256(), Artifact.MODELS, name));
      return counts(results);
    }
  }

  private EvaluationWindows.Documents documents() {
    HeldOutConfig held = config.corpus().heldOut();
    long most = held.maxTokens();
    return new EvaluationWindows.Documents(
        MeasuredDocuments.heldOut(corpus, HeldOut.of(corpus, held, config.seed())),
        target.map(documents -> MeasuredDocuments.target(documents, most, config.seed())),
        most);
  }

  private static void write(HeldOutWindows windows, Artifact artifact, StageOutput output) {
    output.table(artifact, windows.windows(), windows.count(), "domain", "window");
  }

  private Counts counts(Results results) {
    return Counts.NONE
        .with(Counts.DOMAINS, (long) corpus.domains().size())
        .with(Counts.WINDOWS, results.heldOut().windows())
        .with(Counts.PARAMETERS, results.parameters())
        .with(Counts.TOKENS, results.trials().stream().mapToLong(t -> t.tokens()).sum())
        .with(Counts.FLOPS, results.trials().stream().mapToDouble(t -> t.flops()).sum());
  }

  private Evaluator evaluator(TaskMetrics metrics) {
    Mixture mixture = run.mixture();
    return new Evaluator(
        spark,
        inputs.setup(metrics),
        new CandidateMixtures(mixture, sizes().domains(), config.seed(), config.plan()),
        inputs.given(),
        cost());
  }

  /** What training the proxy and embedding took. */
  private CandidateMixtures.Cost cost() {
    double flops = 0;
    double seconds = 0;
    for (Stage stage : List.of(Stage.TRAIN, Stage.SAMPLE, Stage.EMBED, Stage.MIX)) {
      StageRecord record = run.record("evaluate").stage(stage);
      if (record != null) {
        flops += record.counts().value(Counts.FLOPS).orElse(0.0);
        seconds += record.counts().value(Counts.TASK_SECONDS).orElse(record.seconds());
      }
    }
    return new CandidateMixtures.Cost(flops, seconds);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
