package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.Corpus;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.mixture.ProxyShape;
import org.chameleon.run.Provenance;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.RunRecord;
import org.chameleon.run.Stage;
import org.chameleon.run.StageRunner;
import org.chameleon.stages.Embedding;
import org.chameleon.stages.Mixing;
import org.chameleon.stages.Planning;
import org.chameleon.stages.Proxy;
import org.chameleon.stages.Sampling;
import org.chameleon.stages.StageInputs;
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
  private final Sampling sampling;
  private final Embedding embedding;
  private final Mixing mixing;
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
    this.sampling = new Sampling(spark, config, run);
    this.embedding = new Embedding(spark, config, run);
    this.mixing = new Mixing(spark, config, run);
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
    openPlan(until);
    if (config.embedding().from().isPresent()) {
      runFromEmbeddings(until);
    } else {
      runFromCorpus(until);
    }
  }

  /** What the second half needs is seen before work is spent on the first. */
  private void openPlan(Stage until) {
    Stage planned = config.plan().countsTokens() ? Stage.COUNT : Stage.PLAN;
    opened(planned, planning::tokenizerToPlanWith);
    opened(Stage.PLAN, () -> planning.mixtureToPlan(until));
    checked(Stage.MIX, mixing::openOthers);
  }

  private void runFromCorpus(Stage until) {
    boolean trains = config.proxy().given().isEmpty();
    run.base().ifPresent(base -> checked(Stage.TRAIN, () -> requireUsable(base, trains)));
    Corpus corpus = opened(trains ? Stage.TRAIN : Stage.SAMPLE, this::corpus);
    List<Object> made = opened(Stage.TRAIN, () -> inputs.proxy(corpus, hadoop()));
    Proxy proxy = new Proxy(spark, config, run, until);
    if (run.replacesRun()) {
      checked(Stage.TRAIN, proxy::requireGiven);
    }
    StageRunner stages = stages(until);
    stages.run(Stage.TRAIN, made, output -> proxy.make(corpus, output));
    run(stages, corpus, proxy);
  }

  /** The proxy of the run that this one begins from is the one that it would train. */
  private void requireUsable(RunDirectory base, boolean trains) {
    base.requireCurrent("begin from", Stage.EMBED);
    if (!trains) {
      return;
    }
    base.requireCurrent("begin from", Stage.TRAIN);
    JsonNode recorded = base.record("begin from").configuration();
    Set<String> free = new TreeSet<>();
    recorded.fieldNames().forEachRemaining(free::add);
    free.removeAll(Set.of("proxy", "training", "seed"));
    RecordedSettings.requireSame(
        config,
        recorded,
        free,
        "Cannot begin from %s: %%s not as it had it, and its proxy is used, not trained again. Correct that, or begin from no run."
            .formatted(Secrets.hidden(base.toString())));
  }

  /**
   * Runs all stages of a run whose domains have changed, with the proxy that it has.
   *
   * @throws org.chameleon.config.InvalidInputException as {@link #run} does
   */
  void change() {
    openPlan(Stage.REPORT);
    boolean trained = config.proxy().given().isEmpty();
    Corpus corpus = opened(Stage.SAMPLE, this::corpus);
    StageRunner stages = stages(Stage.REPORT);
    stages.take(Stage.TRAIN, trained ? inputs.proxy(corpus, hadoop()) : null);
    run(stages, corpus, new Proxy(spark, config, run, Stage.REPORT));
  }

  private void run(StageRunner stages, Corpus corpus, Proxy proxy) {
    stages.run(
        Stage.SAMPLE, inputs.windows(corpus), output -> sampling.sample(corpus, proxy, output));
    stages.run(Stage.EMBED, inputs.embeddings(), output -> embedding.embed(proxy, output));
    mix(stages, proxy.shape());
    planning.run(stages, corpus);
  }

  private void mix(StageRunner stages, Optional<ProxyShape> proxy) {
    stages.run(
        Stage.MIX, mixing.inputs(), output -> mixing.mix(proxy, planning.sampledSizes(), output));
  }

  private void runFromEmbeddings(Stage until) {
    String from = config.embedding().from().get();
    ExternalSamples samples = opened(Stage.EMBED, () -> ExternalSamples.open(spark, from));
    Corpus counted = config.plan().countsTokens() ? opened(Stage.COUNT, this::corpus) : null;
    StageRunner stages = stages(until);
    stages.run(Stage.EMBED, inputs.samples(samples), output -> embedding.average(samples, output));
    mix(stages, Optional.empty());
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

  private void checked(Stage stage, Runnable check) {
    opened(
        stage,
        () -> {
          check.run();
          return stage;
        });
  }

  private StageRunner stages(Stage until) {
    return new StageRunner(run, spark.sparkContext(), until, start());
  }

  private RunRecord start() {
    return Provenance.of(Json.configuration(config), runId, spark.version(), config.stages());
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
