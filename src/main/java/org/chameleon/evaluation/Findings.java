package org.chameleon.evaluation;

import java.util.Optional;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.MixtureOrigin;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.Verdict;

/**
 * What the evaluation of a run's mixture found.
 *
 * @param results what was measured
 * @param recommendation what follows from it
 */
public record Findings(Results results, Recommendation recommendation) {
  /** Least improvement of the mean bits per byte that counts, as a fraction of the baseline's. */
  public static final double LEAST_GAIN = 0.002;

  /** Share of the mixture that a plan may move and still be the one that was evaluated. */
  private static final double SAME = 0.005;

  /**
   * Returns a mixture's name in at most so many characters: the middle is left out, since names of
   * a grid differ at their ends.
   */
  public static String shortened(String name, int characters) {
    int length = name.codePointCount(0, name.length());
    if (length <= characters) {
      return name;
    }
    int head = (characters - 1) / 2;
    int tail = characters - 1 - head;
    return name.substring(0, name.offsetByCodePoints(0, head))
        + "…"
        + name.substring(name.offsetByCodePoints(0, length - tail));
  }

  /** Returns a mixture by its name. */
  public Optional<EvaluatedMixture> mixture(String name) {
    return results.mixtures().stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /**
   * Returns what is known of a plan's mixture; nothing if it was not measured, or if the plan moves
   * more than 0.5 % of what was, as another budget or other limits may do.
   */
  public Optional<Evidence> evidence(SamplingPlan plan, MixtureOrigin from) {
    String name =
        switch (from) {
          case COMPUTED -> Candidate.COMPUTED;
          case RECOMMENDED -> recommendation.mixture();
        };
    return mixture(name)
        .filter(found -> found.mean() != null && moved(found, plan) <= SAME)
        .map(this::evidence);
  }

  private static double moved(EvaluatedMixture evaluated, SamplingPlan plan) {
    double moved = 0;
    for (SamplingPlan.Domain domain : plan.domains()) {
      moved += Math.abs(domain.weight() - evaluated.weights().getOrDefault(domain.name(), 0.0));
    }
    return moved / 2;
  }

  private Evidence evidence(EvaluatedMixture found) {
    String better = recommendation.against();
    if (found.against().isEmpty()) {
      return new Evidence(
          found.name(), Verdict.NOT_SHOWN, null, null, null, null, recommendation.mixture());
    }
    String against = found.against().containsKey(better) ? better : found.against().firstKey();
    EvaluatedMixture.Comparison compared = found.against().get(against);
    Verdict verdict =
        against.equals(better)
            ? recommendation.verdicts().getOrDefault(found.name(), compared.verdict())
            : compared.verdict();
    return new Evidence(
        found.name(),
        verdict,
        against,
        compared.difference(),
        compared.low(),
        compared.high(),
        recommendation.mixture());
  }
}
