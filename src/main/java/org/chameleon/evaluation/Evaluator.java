package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.sampling.HeldOut;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Json;
import org.chameleon.training.TrainingLog;

/**
 * Compares mixtures: cuts the held-out windows, tokenizes what is trained on once, trains a model
 * for every mixture, seed and horizon, and judges.
 */
public final class Evaluator {
  private static final String KEY = "inputs.json";
  private static final String POOL = "pool";
  private static final String HELD_OUT = "held-out";
  private static final String TRIALS = "trials";
  private static final String MODELS = "models";
  private static final String POOL_DONE = "counts.json";

  /** Sizes of domains are estimates: the data may be a little less than planned with. */
  private static final double ROUNDING = 1.25;

  private final SparkSession spark;
  private final EvaluationSetup setup;
  private final CandidateMixtures mixtures;
  private final SortedMap<String, SortedMap<String, Double>> given;
  private final CandidateMixtures.Cost cost;

  /**
   * Creates an evaluator.
   *
   * @param mixtures what the plan makes of weights
   * @param given weights from elsewhere, by the name of their mixture
   * @param cost of finding the computed mixture
   */
  public Evaluator(
      SparkSession spark,
      EvaluationSetup setup,
      CandidateMixtures mixtures,
      SortedMap<String, SortedMap<String, Double>> given,
      CandidateMixtures.Cost cost) {
    this.spark = spark;
    this.setup = setup;
    this.mixtures = mixtures;
    this.given = given;
    this.cost = cost;
  }

  /**
   * What came out.
   *
   * @param results all numbers
   * @param recommendation what to train with
   * @param windows the held-out windows, as {@link HeldOutWindows} has them
   * @param models URIs of the trained models' files by their names; empty where not kept
   */
  public record Evaluated(
      Results results,
      Recommendation recommendation,
      Dataset<Row> windows,
      SortedMap<String, String> models) {}

  /**
   * Returns what will be trained.
   *
   * @throws InvalidInputException if the budget needs more epochs than allowed
   */
  public EvaluationPlan plan() {
    EvaluationConfig config = setup.config();
    TrialSizes sizes =
        new TrialSizes(
            setup.training().batch(),
            setup.context(),
            config.tokens(),
            config.simulateEpochs() ? mixtures.available() : new TreeMap<>());
    return EvaluationPlan.of(candidates(), sizes, config);
  }

  /**
   * Returns what the evaluation will take; a few steps are trained to see how fast.
   *
   * @param heldOutTokens tokens that each trial is measured on, at most
   */
  public EvaluationEstimate estimate(long heldOutTokens) {
    EvaluationPlan plan = plan();
    double measured = EvaluationEstimate.MEASURING * heldOutTokens * plan.trials().size();
    double flops = (plan.tokens() + measured) * TrainingLog.flopsPerToken(setup.shape());
    return new EvaluationEstimate(plan, setup.parameters(), flops, heldOutTokens, speed(plan));
  }

  private TrialSpeed speed(EvaluationPlan plan) {
    TrialTask task =
        new TrialTask(
            setup.shape(),
            setup.training(),
            setup.compute(),
            TrialRunner.threads(spark.sparkContext(), plan.trials().size()),
            plan.sizes(),
            null,
            null,
            null);
    return TrialSpeed.of(spark.sparkContext(), task, plan.trials().size(), setup.gpusPerTask());
  }

  private List<Candidate> candidates() {
    List<Candidate> all = new ArrayList<>(mixtures.baselines());
    for (String name : setup.config().candidates()) {
      if (name.equals(Candidate.COMPUTED)) {
        all.add(mixtures.computed(cost));
      }
    }
    given.forEach(
        (name, weights) -> all.add(mixtures.planned(name, weights, CandidateMixtures.Cost.NONE)));
    return all;
  }

  /**
   * Compares the mixtures.
   *
   * @param heldOut documents to measure on
   * @param most tokens of a domain that are measured on
   * @param work folder for what is kept until all trials have ended
   * @param inputs SHA-256 of what is evaluated, by name
   */
  public Evaluated evaluate(
      Corpus corpus, HeldOut heldOut, long most, Folder work, SortedMap<String, String> inputs) {
    EvaluationPlan plan = plan();
    renew(work, plan, inputs);
    HeldOutWindows windows =
        HeldOutWindows.of(spark, corpus, heldOut, setup.tokenizer(), setup.context(), most, seed());
    work.delete(HELD_OUT);
    windows.write(work.folder(HELD_OUT));
    TokenPool.Pool pool = pool(corpus, heldOut, windows, plan, work.folder(POOL));
    requireEpochs(plan, pool);
    TrialTask task = task(plan, windows, work);
    TrialRunner runner = new TrialRunner(spark, task, setup.gpusPerTask(), work.folder(TRIALS));
    List<TrialResult> trials = runner.run(plan.trials(), plan.weights());
    List<EvaluatedMixture> compared = Comparisons.of(plan.candidates(), trials, setup.config());
    Results results =
        new Results(
            Results.SCHEMA_VERSION,
            Results.METRIC,
            setup.parameters(),
            setup.config().tokens(),
            setup.config().horizons(),
            setup.config().seeds(),
            new Results.HeldOutCounts(
                windows.documents(), windows.count(), pool.duplicatesDropped()),
            trials,
            compared);
    return new Evaluated(
        results,
        Recommender.recommend(compared, setup.parameters(), inputs),
        windows.windows(),
        models(trials, work));
  }

  private long seed() {
    return setup.compute().seed();
  }

  private TokenPool.Pool pool(
      Corpus corpus, HeldOut heldOut, HeldOutWindows windows, EvaluationPlan plan, Folder folder) {
    if (folder.has(POOL_DONE)) {
      return folder.json(POOL_DONE, TokenPool.Pool.class);
    }
    folder.delete("");
    TokenPool.Pool pool =
        new TokenPool(spark, setup.tokenizer(), seed(), heldOut, windows.contents())
            .write(corpus, plan.pool(), setup.context(), folder);
    folder.write(POOL_DONE, Json.text(pool));
    return pool;
  }

  /**
   * A domain that has less data than trials want may come again, but not more often than planned.
   */
  private void requireEpochs(EvaluationPlan plan, TokenPool.Pool pool) {
    for (Candidate candidate : plan.candidates()) {
      SortedMap<String, Long> sequences = pool.sequences();
      plan.epochs(candidate, sequences)
          .forEach(
              (domain, epochs) -> {
                double allowed = mixtures.maxEpochs(domain);
                boolean planned = epochs.planned() != null && setup.config().simulateEpochs();
                double most = planned ? Math.max(allowed, epochs.planned()) : allowed;
                if (epochs.trial() > ROUNDING * most) {
                  throw tooMuch(candidate, domain, epochs.trial(), allowed);
                }
              });
    }
  }

  private InvalidInputException tooMuch(
      Candidate candidate, String domain, double epochs, double allowed) {
    long largest = (long) (setup.config().tokens() * allowed / epochs);
    return new InvalidInputException(
        "Cannot train %d tokens %d times over under the mixture '%s': domain '%s' would come %.1f times, and plan.max-epochs allows %s. The largest evaluation.tokens that works is about %d."
            .formatted(
                setup.config().tokens(),
                setup.config().longest(),
                candidate.name(),
                domain,
                epochs,
                allowed,
                largest));
  }

  private TrialTask task(EvaluationPlan plan, HeldOutWindows windows, Folder work) {
    return new TrialTask(
        setup.shape(),
        setup.training(),
        setup.compute(),
        TrialRunner.threads(spark.sparkContext(), plan.trials().size()),
        plan.sizes(),
        new TrialTask.Data(work.uri(POOL), work.uri(HELD_OUT), windows.bytes()),
        setup.from(),
        setup.config().keepModels() ? work.uri(MODELS) : null);
  }

  /** Each model as a checkpoint directory. */
  private SortedMap<String, String> models(List<TrialResult> trials, Folder work) {
    SortedMap<String, String> models = new TreeMap<>();
    if (!setup.config().keepModels()) {
      return models;
    }
    Folder folder = work.folder(MODELS);
    for (TrialResult trial : trials) {
      String name = trial.trial().name();
      if (trial.error() == null) {
        folder.write(name + "/config.json", setup.modelConfig());
        if (!setup.tokenizer().isEmpty()) {
          folder.write(name + "/tokenizer.json", setup.tokenizer());
        }
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
          if (folder.has(name + "/" + file)) {
            models.put(name + "/" + file, folder.uri(name + "/" + file));
          }
        }
      }
    }
    return models;
  }

  /** What an attempt with other inputs kept is of no use. */
  private void renew(Folder work, EvaluationPlan plan, SortedMap<String, String> inputs) {
    String key =
        DigestUtils.sha256Hex(
            Json.text(
                List.of(
                    inputs,
                    setup.shape().constants(setup.shape().layers(), 0, 1),
                    setup.training(),
                    setup.context(),
                    setup.compute().seed(),
                    DigestUtils.sha256Hex(setup.tokenizer()),
                    String.valueOf(setup.from()),
                    plan.sizes(),
                    plan.pool())));
    boolean same = work.has(KEY) && work.json(KEY, String.class).equals(key);
    if (!same) {
      work.delete("");
      work.makeFolder("");
      work.write(KEY, Json.text(key));
    }
  }
}
