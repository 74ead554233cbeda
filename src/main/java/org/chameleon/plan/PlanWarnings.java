package org.chameleon.plan;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.chameleon.mixture.Warning;

/** What the reader of a plan should know, a warning for each kind with all its domains. */
final class PlanWarnings {
  /** Relative standard error of a domain's size above which its epochs are only rough. */
  private static final double ROUGH = 0.05;

  private PlanWarnings() {}

  /** Returns the warnings of a plan of these domains. */
  static List<Warning> of(List<SamplingPlan.Domain> domains, PlanConfig config) {
    return Stream.of(
            new Warning(
                "EPOCHS_CAPPED",
                named(domains, SamplingPlan.Domain::capped),
                "Asked for more than plan.max-epochs = %s passes; the rest went to the others in proportion."
                    .formatted(config.maxEpochs())),
            new Warning(
                "BOUNDED",
                named(domains, PlanWarnings::isBounded),
                "Held at a floor or ceiling of the plan; the difference went to the others in proportion."),
            new Warning(
                "NO_TOKENS",
                named(domains, domain -> !domain.isDrawn()),
                "The weight comes to less than one token of the budget."),
            new Warning(
                "ROUGH_SIZE",
                named(domains, PlanWarnings::isRough).stream().sorted().toList(),
                "The estimate of its tokens has a standard error above 5 %: so have its epochs. plan.count = exact counts them."))
        .filter(warning -> !warning.domains().isEmpty())
        .toList();
  }

  private static boolean isBounded(SamplingPlan.Domain domain) {
    return domain.changes().stream()
        .map(SamplingPlan.Change::cause)
        .anyMatch(c -> c == SamplingPlan.Cause.FLOOR || c == SamplingPlan.Cause.CEILING);
  }

  private static boolean isRough(SamplingPlan.Domain domain) {
    return domain.availableTokens() != null
        && domain.availableTokensStandardError() > ROUGH * domain.availableTokens();
  }

  private static List<String> named(
      List<SamplingPlan.Domain> domains, Predicate<SamplingPlan.Domain> which) {
    return domains.stream().filter(which).map(SamplingPlan.Domain::name).toList();
  }
}
