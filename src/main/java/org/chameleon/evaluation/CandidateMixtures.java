package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.chameleon.config.InvalidInputException;
import org.chameleon.mixture.Mixture;
import org.chameleon.plan.PlanConfig;
import org.chameleon.plan.Prior;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DomainSize;

/**
 * Turns weights into what the plan would make of them: a mixture that the data cannot pay for, in
 * epochs, is tried as it would be trained.
 */
public final class CandidateMixtures {
  private final Mixture mixture;
  private final List<DomainSize> sizes;
  private final long seed;
  private final PlanConfig plan;

  /**
   * Creates candidates of a run.
   *
   * @param sizes of the domains, as far as they are known
   * @param plan limits and budget of the planned training
   */
  public CandidateMixtures(Mixture mixture, List<DomainSize> sizes, long seed, PlanConfig plan) {
    this.mixture = mixture;
    this.sizes = List.copyOf(sizes);
    this.seed = seed;
    this.plan = plan;
  }

  /**
   * Returns all mixtures of a configuration, baselines first. In place of {@code regmix} there is
   * the one that it starts from, until it is found.
   *
   * @param given weights from elsewhere, by the name of their mixture
   * @param cost of finding the computed mixture
   * @throws InvalidInputException if two have one name
   */
  List<Candidate> all(
      EvaluationConfig config, SortedMap<String, SortedMap<String, Double>> given, Cost cost) {
    List<Candidate> all = new ArrayList<>(baselines());
    if (config.candidates().contains(Candidate.COMPUTED)) {
      all.add(computed(cost));
    }
    grid(config.grid()).forEach((name, weights) -> all.add(planned(name, weights, cost)));
    given.forEach((name, weights) -> all.add(planned(name, weights, Cost.NONE)));
    if (config.candidates().contains(Candidate.REGMIX)) {
      all.add(planned(Candidate.REGMIX, prior(), Cost.NONE));
    }
    Set<String> names = new HashSet<>();
    for (Candidate candidate : all) {
      if (!names.add(candidate.name())) {
        throw new InvalidInputException(
            "Cannot try two mixtures that are called '%s'. Rename the file."
                .formatted(candidate.name()));
      }
    }
    return all;
  }

  private Map<String, SortedMap<String, Double>> grid(EvaluationConfig.Grid grid) {
    boolean proportional = plan.prior().kind().equals(Optional.of(Prior.PROPORTIONAL));
    SortedMap<String, Double> baseline = proportional ? prior() : each(Mixture.Domain::uniform);
    double step = plan.prior().kind().isPresent() ? 1 - plan.prior().strength() : 1;
    return new GridCandidates(mixture, baseline, step).of(grid);
  }

  /** Returns the shares of the data, or the same for each domain where sizes are not known. */
  SortedMap<String, Double> prior() {
    return proportional().orElseGet(() -> each(Mixture.Domain::uniform));
  }

  /** Returns the baselines; the proportional one only where sizes are known. */
  public List<Candidate> baselines() {
    List<Candidate> baselines = new ArrayList<>();
    baselines.add(planned(Candidate.UNIFORM, each(Mixture.Domain::uniform), Cost.NONE));
    proportional().ifPresent(p -> baselines.add(planned(Candidate.PROPORTIONAL, p, Cost.NONE)));
    return baselines;
  }

  /** Returns the shares of the data, where sizes are known. */
  public Optional<SortedMap<String, Double>> proportional() {
    boolean known = mixture.domains().stream().allMatch(domain -> domain.proportional() != null);
    return known ? Optional.of(each(Mixture.Domain::proportional)) : Optional.empty();
  }

  private SortedMap<String, Double> each(ToDoubleFunction<Mixture.Domain> share) {
    SortedMap<String, Double> weights = new TreeMap<>();
    mixture.domains().forEach(d -> weights.put(d.name(), share.applyAsDouble(d)));
    return weights;
  }

  /**
   * What finding a mixture took.
   *
   * @param flops floating-point operations
   * @param seconds of all tasks
   */
  public record Cost(double flops, double seconds) {
    /** Nothing. */
    public static final Cost NONE = new Cost(0, 0);
  }

  /** Returns the mixture of the run, as the run plans it. */
  public Candidate computed(Cost cost) {
    return of(Candidate.COMPUTED, SamplingPlan.of(mixture, sizes, seed, plan), cost);
  }

  /** Returns weights as they would be planned. */
  public Candidate planned(String name, Map<String, Double> weights, Cost cost) {
    return of(name, SamplingPlan.ofWeights(mixture, weights, sizes, seed, plan), cost);
  }

  private static Candidate of(String name, SamplingPlan plan, Cost cost) {
    SortedMap<String, Double> weights = new TreeMap<>();
    plan.domains().forEach(domain -> weights.put(domain.name(), domain.weight()));
    return new Candidate(name, weights, cost.flops(), cost.seconds());
  }

  /**
   * Returns the tokens of each domain for each token of the planned training; nothing where the
   * budget or a size is not known.
   */
  public SortedMap<String, Double> available() {
    SamplingPlan planned = SamplingPlan.of(mixture, sizes, seed, plan);
    SortedMap<String, Double> available = new TreeMap<>();
    for (SamplingPlan.Domain domain : planned.domains()) {
      if (planned.targetTokens() == null || domain.availableTokens() == null) {
        return new TreeMap<>();
      }
      available.put(domain.name(), (double) domain.availableTokens() / planned.targetTokens());
    }
    return available;
  }

  /** Returns how often a domain may come in the planned training. */
  double maxEpochs(String domain) {
    return plan.maxEpochs(domain);
  }

  /** Returns the most that a domain can have of the planned training; 1 where nothing limits it. */
  public SortedMap<String, Double> most() {
    SortedMap<String, Double> most = new TreeMap<>();
    SortedMap<String, Double> available = available();
    for (Mixture.Domain domain : mixture.domains()) {
      double ofEpochs =
          available.containsKey(domain.name())
              ? available.get(domain.name()) * plan.maxEpochs(domain.name())
              : 1;
      most.put(domain.name(), Math.min(1, Math.min(ofEpochs, plan.ceiling(domain.name()))));
    }
    return most;
  }
}
