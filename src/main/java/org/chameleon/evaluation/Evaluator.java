package org.chameleon.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sequences.PoolIndex;
import org.chameleon.sequences.TokenPool;
import org.chameleon.storage.Folder;
import org.chameleon.training.TrainingLog;

/**
 * Compares mixtures: cuts the held-out windows, tokenizes what is trained on once, trains a model
 * for every mixture, seed and horizon, and judges.
 */
public final class Evaluator {
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

  /** Returns what will be trained. */
  private EvaluationPlan plan() {
    EvaluationConfig config = setup.config();
    TrialSizes sizes =
        new TrialSizes(
            setup.training().batch(),
            setup.context(),
            config.tokens(),
            config.simulateEpochs() ? mixtures.available() : new TreeMap<>());
    return EvaluationPlan.of(
        mixtures.all(config, given, cost),
        sizes,
        Swarm.of(config, mixtures, sizes, seed()),
        config);
  }

  /**
   * Returns what the evaluation will take; a few steps are trained to see how fast.
   *
   * @param heldOutTokens tokens that each trial is measured on, at most
   */
  public EvaluationEstimate estimate(long heldOutTokens) {
    EvaluationPlan plan = plan();
    double measured = EvaluationEstimate.MEASURING * heldOutTokens * plan.count();
    double flops = (plan.tokens() + measured) * TrainingLog.flopsPerToken(setup.shape());
    TrialSpeed speed =
        TrialSpeed.of(
            spark.sparkContext(), task(plan, null, null), plan.count(), setup.gpusPerTask());
    return new EvaluationEstimate(plan, setup.parameters(), flops, heldOutTokens, speed);
  }

  /**
   * What came out.
   *
   * @param results all numbers
   * @param recommendation what to train with
   * @param windows that were measured on
   * @param models the trained models' files by their names; empty where not kept
   */
  public record Evaluated(
      Results results,
      Recommendation recommendation,
      EvaluationWindows windows,
      SortedMap<String, KeptFile> models)
      implements AutoCloseable {
    /** Has executors drop the windows. */
    @Override
    public void close() {
      windows.close();
    }
  }

  /**
   * Compares the mixtures.
   *
   * @param documents to measure on
   * @param folder for what is kept until all trials have ended
   * @param inputs SHA-256 of what is evaluated, by name
   * @throws InvalidInputException if a domain cannot be measured on or has too little data, or no
   *     trial ends well
   */
  public Evaluated evaluate(
      EvaluationWindows.Documents documents, Folder folder, SortedMap<String, String> inputs) {
    EvaluationPlan planned = plan();
    EvaluationWork work =
        EvaluationWork.in(folder, trialInputs(planned, documents.identity(), inputs));
    EvaluationWindows windows = EvaluationWindows.of(spark, documents, setup);
    try {
      TokenPool.Pool pool = pool(documents.heldOut(), windows, planned, work);
      requireEpochs(planned, pool.index().sequences());
      return evaluated(planned, windows, pool, work, inputs);
    } catch (Throwable failure) {
      windows.close();
      throw failure;
    }
  }

  private Evaluated evaluated(
      EvaluationPlan planned,
      EvaluationWindows windows,
      TokenPool.Pool pool,
      EvaluationWork work,
      SortedMap<String, String> inputs) {
    TrialTask task = task(planned, work.data(windows), keptModels(work));
    Optional<Swarm.Found> found = found(planned, task, work);
    EvaluationPlan plan = found.map(f -> planned.with(f.mixture())).orElse(planned);
    List<TrialResult> trials = runner(task, work).run(plan.trials(), plan.weights());
    requireOne(trials);
    List<EvaluatedMixture> compared = Comparisons.of(plan.candidates(), trials, setup.config());
    HeldOutWindows heldOut = windows.heldOut();
    Results results =
        new Results(
            Results.SCHEMA_VERSION,
            Results.METRIC,
            setup.parameters(),
            plan.tokens(1),
            setup.config().horizons(),
            setup.config().seeds(),
            new Results.HeldOutCounts(
                heldOut.documents(), heldOut.count(), pool.duplicatesDropped()),
            trials,
            compared,
            plan.epochs(pool.index().sequences()),
            windows
                .target()
                .map(target -> new Results.TargetCounts(target.documents(), target.count()))
                .orElse(null),
            found.map(Swarm.Found::quality).orElse(null));
    return new Evaluated(
        results,
        Recommender.recommend(compared, setup.parameters(), inputs),
        windows,
        work.models(trials, setup.modelConfig(), setup.tokenizer()));
  }

  private List<Object> trialInputs(
      EvaluationPlan plan, List<Object> measured, SortedMap<String, String> inputs) {
    return List.of(
        inputs,
        measured,
        setup.shape().constants(setup.shape().layers(), 0, 1),
        setup.parameters(),
        setup.training(),
        setup.context(),
        seed(),
        DigestUtils.sha256Hex(setup.tokenizer()),
        String.valueOf(setup.from()),
        setup.config().keepModels(),
        plan.sizes(),
        plan.pool());
  }

  private long seed() {
    return setup.compute().seed();
  }

  private TokenPool.Pool pool(
      MeasuredDocuments heldOut,
      EvaluationWindows windows,
      EvaluationPlan plan,
      EvaluationWork work) {
    TokenPool.Pool found = work.foundPool();
    if (found == null) {
      WindowSampler.Seed trials = new WindowSampler.Seed(seed(), "trials");
      found =
          new TokenPool(spark, setup.tokenizer(), trials, heldOut.documents(), windows.contents())
              .write(heldOut.corpus(), plan.pool(), setup.context(), work.pool());
      requireSequences(plan, found.index());
      work.keep(found);
    }
    return found;
  }

  private void requireSequences(EvaluationPlan plan, PoolIndex index) {
    for (PoolIndex.Domain domain : index.domains()) {
      if (domain.sequences() == 0 && plan.pool().get(domain.name()) > 0) {
        throw new InvalidInputException(
            "Cannot train on domain '%s': all its documents together have fewer than %d tokens. Lower evaluation.model.context, or add data."
                .formatted(domain.name(), setup.context() + 1));
      }
    }
  }

  /**
   * A domain that has less data than trials want comes again, but no more often than is allowed.
   */
  private void requireEpochs(EvaluationPlan plan, SortedMap<String, Long> sequences) {
    for (Candidate candidate : plan.candidates()) {
      plan.epochs(candidate, sequences)
          .forEach(
              (domain, epochs) -> {
                double allowed = mixtures.maxEpochs(domain);
                if (epochs.trial() > allowed && !epochs.asPlanned()) {
                  throw tooMuch(candidate, domain, epochs.trial(), allowed);
                }
              });
    }
  }

  private InvalidInputException tooMuch(
      Candidate candidate, String domain, double epochs, double allowed) {
    long tokens = setup.config().tokens();
    return new InvalidInputException(
        String.format(
            Locale.ROOT,
            "Cannot train %d times %d tokens under the mixture '%s': domain '%s' would come %.1f times, and plan.max-epochs allows %s. The largest evaluation.tokens that works is about %d.",
            setup.config().longest(),
            tokens,
            candidate.name(),
            domain,
            epochs,
            allowed,
            (long) (tokens * allowed / epochs)));
  }

  private TrialTask task(EvaluationPlan plan, TrialTask.Data data, String models) {
    return new TrialTask(
        setup.shape(),
        setup.training(),
        setup.compute(),
        TrialRunner.threads(spark.sparkContext(), plan.count()),
        plan.sizes(),
        data,
        setup.from(),
        models);
  }

  private String keptModels(EvaluationWork work) {
    return setup.config().keepModels() ? work.models() : null;
  }

  private TrialRunner runner(TrialTask task, EvaluationWork work) {
    return new TrialRunner(spark, task, setup.gpusPerTask(), work.trials());
  }

  /** Finds the mixture that is not known before models are trained, if there is one. */
  private Optional<Swarm.Found> found(EvaluationPlan plan, TrialTask task, EvaluationWork work) {
    Swarm swarm = plan.swarm();
    if (swarm.mixtures().isEmpty()) {
      return Optional.empty();
    }
    List<TrialResult> ended =
        runner(task.over(swarm.sizes()), work).run(swarm.trials(), swarm.weights());
    return Optional.of(swarm.found(ended, mixtures, setup.config().regmix().klStrength()));
  }

  private static void requireOne(List<TrialResult> trials) {
    if (trials.stream().allMatch(trial -> trial.error() != null)) {
      throw new InvalidInputException(
          "Cannot evaluate: no trial ended well. The first: " + trials.get(0).error());
    }
  }
}
