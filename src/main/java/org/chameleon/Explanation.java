package org.chameleon;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chameleon.config.ConfigurationException;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Movement;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.RunComparison;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the weights of two runs differ, by what they were computed from.
 *
 * @param domains of both runs, by name: what moved their computed weights
 * @param plan what moved their planned weights besides, by name: prior, epochs, floors and
 *     ceilings; nothing where a run has no plan
 * @param nearest of each new domain, the domain of before that it is most like
 */
public record Explanation(
    List<Movement> domains, Map<String, Double> plan, List<Movement.Nearest> nearest) {

  private static final Logger LOG = LoggerFactory.getLogger(Explanation.class);

  /** Copies the collections. */
  public Explanation {
    domains = List.copyOf(domains);
    plan = new TreeMap<>(plan);
    nearest = List.copyOf(nearest);
  }

  /**
   * Explains a comparison.
   *
   * @return nothing where a run has no embeddings of its configuration any more, another version
   *     made it whose configuration cannot be read, or no affinity of pairs is made of so many
   *     domains
   */
  public static Optional<Explanation> of(
      RunDirectory before, RunDirectory after, RunComparison comparison) {
    if (!before.isCurrent(Stage.EMBED) || !after.isCurrent(Stage.EMBED)) {
      return Optional.empty();
    }
    if (Mixture.areMany(comparison.domains().size())) {
      LOG.info("What moved the weights of {} domains is not told", comparison.domains().size());
      return Optional.empty();
    }
    Movement.Side old;
    Movement.Side now;
    try {
      old = side(before);
      now = side(after);
    } catch (ConfigurationException e) {
      LOG.warn("What moved the weights is not told: {}", e.getMessage());
      return Optional.empty();
    }
    List<Movement> movements = Movement.of(old, now, !comparison.proxies().differ());
    Map<String, Double> plan = new TreeMap<>();
    for (RunComparison.Change change : comparison.domains()) {
      change.moreByPlan().ifPresent(more -> plan.put(change.name(), more));
    }
    return Optional.of(
        new Explanation(
            movements, plan, Movement.nearest(after.mixture(), Set.copyOf(comparison.come()))));
  }

  private static Movement.Side side(RunDirectory run) {
    RunConfig config = RunConfig.of(run.record("compare").configuration());
    DomainSizes sizes =
        config.embedding().from().isEmpty() ? run.statistics() : DomainSizes.UNKNOWN;
    Map<String, Long> tokens = new TreeMap<>();
    sizes.domains().forEach(domain -> tokens.put(domain.name(), domain.tokens()));
    return new Movement.Side(run.means(), run.mixture(), config.mixture(), tokens);
  }
}
