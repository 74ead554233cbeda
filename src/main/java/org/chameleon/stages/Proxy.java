package org.chameleon.stages;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunConfig;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.Corpus;
import org.chameleon.doctor.EngineCheck;
import org.chameleon.doctor.ModuleCheck;
import org.chameleon.embedding.Reading;
import org.chameleon.mixture.ProxyShape;
import org.chameleon.model.Checkpoint;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.chameleon.sampling.HeldOut;
import org.chameleon.training.ProxyTrainer;

/**
 * The proxy model of a run, given or trained. Whichever stage is the first to run, all that the
 * stages behind it need of the proxy and of the executors is checked there, before work is spent.
 */
public final class Proxy {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final StageInputs inputs;
  private final boolean embeds;
  private boolean checked;
  private boolean engineChecked;
  private boolean moduleChecked;

  /**
   * Creates the proxy of a run.
   *
   * @param until last stage that will run
   */
  public Proxy(SparkSession spark, RunConfig config, RunDirectory run, Stage until) {
    this.spark = spark;
    this.config = config;
    this.run = run;
    this.inputs = new StageInputs(config);
    this.embeds = !Stage.EMBED.isAfter(until);
  }

  /** Copies the checkpoint that was given or that of the run begun from, or trains one. */
  public Counts make(Corpus corpus, StageOutput output) {
    if (config.proxy().given().isPresent()) {
      return copy(output);
    }
    return run.base().isPresent() ? takeOver(run.base().get(), output) : train(corpus, output);
  }

  /**
   * Checks a checkpoint that was given, before anything of an earlier run goes for it.
   *
   * @throws org.chameleon.config.InvalidInputException if it cannot do what is asked for
   */
  public void requireGiven() {
    config.proxy().given().ifPresent(uri -> requireReady(checkpoint(uri)));
  }

  private Counts takeOver(RunDirectory base, StageOutput output) {
    requireReady(checkpoint(base.uri(Artifact.PROXY)));
    output.copy(base, Stage.TRAIN);
    return base.counts(Stage.TRAIN).with(Counts.KEPT_FROM, Secrets.hidden(base.toString()));
  }

  private Counts copy(StageOutput output) {
    Checkpoint given = checkpoint(config.proxy().given().get());
    requireReady(given);
    given.files().forEach(name -> output.copy(given.uri() + "/" + name, Artifact.PROXY, name));
    requireModule(checkpoint(output.folder(Artifact.PROXY)));
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
    HeldOut heldOut = HeldOut.of(corpus, config.corpus().heldOut(), config.seed());
    ProxyTrainer.Result trained = trainer.train(corpus, heldOut, output.folder(Artifact.PROXY));
    trained.files().forEach(file -> output.file(Artifact.PROXY, file));
    output.json(Artifact.TRAINING_LOG, trained.log());
    return Counts.NONE
        .with(Counts.DOMAINS, (long) corpus.domains().size())
        .with(Counts.TOKENS, trained.log().tokens())
        .with(Counts.PARAMETERS, trained.log().parameters())
        .with(Counts.FLOPS, trained.log().flops());
  }

  /**
   * Returns the checkpoint that the run has made.
   *
   * @throws org.chameleon.config.InvalidInputException if it, or an executor, cannot do what is
   *     asked for
   */
  public Checkpoint ready() {
    Checkpoint made = made();
    requireReady(made);
    requireModule(made);
    return made;
  }

  /** Returns the checkpoint that the run has made, for what can be told without computing. */
  public Checkpoint made() {
    return checkpoint(run.uri(Artifact.PROXY));
  }

  /** Returns the size of the model that the run has made, unless it is a module of its own. */
  public Optional<ProxyShape> shape() {
    Checkpoint made = made();
    return made.isModule()
        ? Optional.empty()
        : Optional.of(new ProxyShape(made.shape().layers(), made.shape().width()));
  }

  private void requireReady(Checkpoint proxy) {
    if (!checked) {
      Reading reading = Reading.of(proxy, config.embedding());
      proxy.requireUsable(config.sample().windowTokens(), reading.around().count(), hadoop());
      checked = true;
    }
    if (embeds) {
      requireEngine();
    }
  }

  /** What is known of a module is known by trying, on an executor: from a copy that it can read. */
  private void requireModule(Checkpoint proxy) {
    if (embeds && proxy.isModule() && !moduleChecked) {
      ModuleCheck.require(spark, proxy, config.embedding(), config.sample().windowTokens());
      moduleChecked = true;
    }
  }

  private void requireEngine() {
    if (!engineChecked) {
      EngineCheck.require(spark.sparkContext(), config.embedding());
      engineChecked = true;
    }
  }

  private Checkpoint checkpoint(String uri) {
    return inputs.checkpoint(uri, hadoop());
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
