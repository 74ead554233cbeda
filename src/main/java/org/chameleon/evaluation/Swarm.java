package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;

/**
 * Small models on mixtures around the proportional one, and the mixture at which the law that their
 * losses follow is lowest.
 *
 * @param mixtures what is tried, as it would be planned; empty where nothing is
 * @param sizes how long each is trained
 */
record Swarm(List<Candidate> mixtures, TrialSizes sizes) {
  /** Models for each domain, where their number is not set. */
  private static final int FOR_EACH_DOMAIN = 4;

  /** Copies the list. */
  Swarm {
    mixtures = List.copyOf(mixtures);
  }

  /** Returns the swarm of a configuration: none where {@code regmix} is no candidate. */
  static Swarm of(EvaluationConfig config, CandidateMixtures plan, TrialSizes sizes, long seed) {
    EvaluationConfig.RegMix regmix = config.regmix();
    TrialSizes own =
        new TrialSizes(
            sizes.batch(),
            sizes.context(),
            regmix.tokens().orElse(config.tokens()),
            sizes.available());
    List<Candidate> mixtures = new ArrayList<>();
    if (config.candidates().contains(Candidate.REGMIX)) {
      SortedMap<String, Double> prior = plan.prior();
      int models = regmix.models().orElse(FOR_EACH_DOMAIN * prior.size());
      for (SortedMap<String, Double> weights : DirichletMixtures.around(prior, models, seed)) {
        String name = Candidate.REGMIX + "-" + mixtures.size();
        mixtures.add(plan.planned(name, weights, CandidateMixtures.Cost.NONE));
      }
    }
    return new Swarm(mixtures, own);
  }

  /** Returns the trials: one of each mixture. */
  List<Trial> trials() {
    return mixtures.stream().map(mixture -> new Trial(mixture.name(), 0, 1, 1)).toList();
  }

  /** Returns the shares of each mixture by domain. */
  SortedMap<String, SortedMap<String, Double>> weights() {
    SortedMap<String, SortedMap<String, Double>> weights = new TreeMap<>();
    mixtures.forEach(mixture -> weights.put(mixture.name(), mixture.weights()));
    return weights;
  }

  /**
   * A mixture that was found.
   *
   * @param mixture as it would be planned
   * @param quality how well the law holds
   */
  record Found(Candidate mixture, Results.LawQuality quality) {}

  /**
   * Returns the mixture that the law of the losses is lowest at: of the mean over domains, or of
   * the target, where trials were measured on one.
   *
   * @param ended the trials
   * @throws InvalidInputException if too few of them ended well
   */
  Found found(List<TrialResult> ended, CandidateMixtures plan, double klStrength) {
    List<SortedMap<String, Double>> tried = new ArrayList<>();
    List<SortedMap<String, Double>> losses = new ArrayList<>();
    for (TrialResult trial : ended) {
      if (trial.error() == null) {
        SortedMap<String, Double> loss = new TreeMap<>();
        measured(trial).forEach(domain -> loss.put(domain.name(), domain.bitsPerByte()));
        tried.add(weights().get(trial.mixture()));
        losses.add(loss);
      }
    }
    if (tried.size() < 2) {
      throw new InvalidInputException(
          "Cannot fit a law to the losses of regmix: %d of its %d trials ended well. Lower training.learning-rate."
              .formatted(tried.size(), ended.size()));
    }
    RegMixLaws laws = RegMixLaws.fit(tried, losses);
    CandidateMixtures.Cost cost =
        new CandidateMixtures.Cost(
            ended.stream().mapToDouble(TrialResult::flops).sum(),
            ended.stream().mapToDouble(TrialResult::seconds).sum());
    boolean ofTarget = ended.stream().anyMatch(trial -> trial.target() != null);
    return new Found(
        plan.planned(Candidate.REGMIX, laws.minimum(plan.prior(), plan.most(), klStrength), cost),
        new Results.LawQuality(
            tried.size(),
            ofTarget ? Results.LawQuality.TARGET : Results.LawQuality.DOMAINS,
            Double.isNaN(laws.rankCorrelation()) ? null : laws.rankCorrelation(),
            laws.residual()));
  }

  private static List<DomainLoss> measured(TrialResult trial) {
    return trial.target() == null ? trial.domains() : List.of(trial.target());
  }
}
