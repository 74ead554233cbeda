package org.chameleon.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.chameleon.mixture.Mixture;

/** The steps that lead from a computed weight to a planned share, each with its cause. */
final class ShareChanges {
  /** Below the rounding of a printed share two are the same. */
  private static final double ROUNDING = 1e-12;

  /** Whole tokens may be off by this much of a limit. */
  private static final double TOKEN_ROUNDING = 1.5;

  private final PlanConfig config;
  private final Long budget;
  private final ToDoubleFunction<String> tokensOfEpochs;
  private final SamplingPlan.Cause first;

  /**
   * Creates the steps of a plan.
   *
   * @param budget tokens of the plan, null where there is none
   * @param tokensOfEpochs most tokens of a domain by its epochs, infinite where not known
   * @param first why the wanted weights are not the computed ones
   */
  ShareChanges(
      PlanConfig config,
      Long budget,
      ToDoubleFunction<String> tokensOfEpochs,
      SamplingPlan.Cause first) {
    this.config = config;
    this.budget = budget;
    this.tokensOfEpochs = tokensOfEpochs;
    this.first = first;
  }

  /**
   * Returns what changed a domain's share, in order; empty if nothing did.
   *
   * @param wanted its weight before any limit
   * @param planned its share as printed
   */
  List<SamplingPlan.Change> of(Mixture.Domain domain, double wanted, double planned) {
    double computed = domain.weight();
    List<SamplingPlan.Change> changes = new ArrayList<>();
    if (differ(computed, wanted)) {
      changes.add(new SamplingPlan.Change(first, computed, wanted));
    }
    if (differ(wanted, planned)) {
      SamplingPlan.Cause cause =
          planned < wanted ? lowered(domain.name(), planned) : raised(domain.name(), planned);
      changes.add(new SamplingPlan.Change(cause, wanted, planned));
    }
    return changes;
  }

  private static boolean differ(double before, double after) {
    return Math.abs(before - after) > ROUNDING;
  }

  private SamplingPlan.Cause lowered(String domain, double planned) {
    boolean byEpochs =
        budget != null && planned * budget >= tokensOfEpochs.applyAsDouble(domain) - TOKEN_ROUNDING;
    if (byEpochs) {
      return SamplingPlan.Cause.MAX_EPOCHS;
    }
    return planned >= config.ceiling(domain) - rounding()
        ? SamplingPlan.Cause.CEILING
        : SamplingPlan.Cause.OTHERS;
  }

  private SamplingPlan.Cause raised(String domain, double planned) {
    return planned <= config.floor(domain) + rounding()
        ? SamplingPlan.Cause.FLOOR
        : SamplingPlan.Cause.OTHERS;
  }

  private double rounding() {
    return budget == null ? ROUNDING : TOKEN_ROUNDING / budget;
  }
}
