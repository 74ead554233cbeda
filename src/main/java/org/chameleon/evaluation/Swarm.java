package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small models on mixtures around the proportional one, and the mixture at which the law that their
 * losses follow is lowest.
 *
 * @param mixtures what is tried, as it would be planned; empty where nothing is
 * @param sizes how long each is trained
 */
record Swarm(List<Candidate> mixtures, TrialSizes sizes) {
  private static final Logger LOG = LoggerFactory.getLogger(Swarm.class);

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
   * Returns the mixture that the law of the losses is lowest at.
   *
   * @param ended the trials
   * @throws InvalidInputException if too few of them ended well
   */
  Candidate found(List<TrialResult> ended, CandidateMixtures plan, double klStrength) {
    List<SortedMap<String, Double>> tried = new ArrayList<>();
    List<SortedMap<String, Double>> losses = new ArrayList<>();
    for (TrialResult trial : ended) {
      if (trial.error() == null) {
        SortedMap<String, Double> loss = new TreeMap<>();
        trial.domains().forEach(domain -> loss.put(domain.name(), domain.bitsPerByte()));
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
    if (!(laws.rankCorrelation() >= RegMixLaws.GOOD)) {
      LOG.warn(
          "regmix: its law ranks mixtures that it has not seen with a correlation of {}; raise evaluation.regmix.models or tokens",
          String.format(Locale.ROOT, "%.2f", laws.rankCorrelation()));
    }
    CandidateMixtures.Cost cost =
        new CandidateMixtures.Cost(
            ended.stream().mapToDouble(TrialResult::flops).sum(),
            ended.stream().mapToDouble(TrialResult::seconds).sum());
    return plan.planned(
        Candidate.REGMIX, laws.minimum(plan.prior(), plan.most(), klStrength), cost);
  }
}
