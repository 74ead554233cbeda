package org.chameleon.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.chameleon.config.InvalidInputException;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;

/** Turns weights into tokens, under the limit on epochs. */
final class Planner {
  /** Relative standard error of a domain's size above which its epochs are only rough. */
  private static final double ROUGH = 0.05;

  private final List<Mixture.Domain> mixed;
  private final Map<String, DomainSize> sizes;
  private final PlanConfig config;
  private final DomainBounds bounds;

  Planner(List<Mixture.Domain> mixed, List<DomainSize> found, PlanConfig config) {
    this.mixed = mixed;
    this.config = config;
    requireKnown(config.domains().keySet(), "plan.domains");
    requireKnown(config.prior().shares().keySet(), "plan.prior.shares");
    this.sizes = sizes(found);
    this.bounds = bounds(this::tokensOfEpochs);
  }

  private void requireKnown(Set<String> named, String where) {
    List<String> names = mixed.stream().map(Mixture.Domain::name).toList();
    for (String domain : named) {
      if (!names.contains(domain)) {
        throw new InvalidInputException(
            "Cannot plan: %s names '%s', which is no domain of the mixture. It has %s."
                .formatted(where, domain, String.join(", ", names)));
      }
    }
  }

  private Map<String, DomainSize> sizes(List<DomainSize> found) {
    Map<String, DomainSize> byName =
        found.stream().collect(Collectors.toMap(DomainSize::name, Function.identity()));
    Map<String, DomainSize> result = new TreeMap<>();
    for (Mixture.Domain domain : mixed) {
      String name = domain.name();
      DomainLimits limits = config.limits(name);
      if (config.count() == TokenCount.GIVEN && limits.availableTokens().isEmpty()) {
        throw new InvalidInputException(
            "Cannot plan with plan.count = given: nothing is said of domain '%s'. Set plan.domains.\"%s\".available-tokens."
                .formatted(name, name));
      }
      DomainSize size = byName.getOrDefault(name, DomainSize.unknown(name));
      result.put(name, size.with(limits));
    }
    return result;
  }

  private DomainBounds bounds(ToDoubleFunction<String> most) {
    return new DomainBounds(each(config::floor), each(config::ceiling), each(most));
  }

  private double[] each(ToDoubleFunction<String> value) {
    return mixed.stream().mapToDouble(domain -> value.applyAsDouble(domain.name())).toArray();
  }

  private double tokensOfEpochs(String domain) {
    Long tokens = sizes.get(domain).tokens();
    return tokens == null
        ? Double.POSITIVE_INFINITY
        : Math.floor(tokens * config.maxEpochs(domain));
  }

  SamplingPlan plan(long seed) {
    double[] computed = mixed.stream().mapToDouble(Mixture.Domain::weight).toArray();
    double[] wanted = wanted(computed);
    Long budget = budget();
    double[] shares;
    long[] tokens = null;
    if (budget == null) {
      // Without a budget only the shares of floors and ceilings are known: a large one stands in.
      long any = 1_000_000_000_000_000L;
      DomainBounds unlimited = bounds(domain -> Double.POSITIVE_INFINITY);
      requireBudget(any, unlimited);
      shares = TokenBudget.shares(wanted, unlimited.least(any), unlimited.most(any), (double) any);
    } else {
      double[] least = bounds.least(budget);
      double[] most = bounds.most(budget);
      shares = TokenBudget.shares(wanted, least, most, (double) budget);
      tokens = TokenBudget.whole(shares, least, most, budget);
    }
    double[] printed = Shares.of(shares);
    Double[] rows = rowProbabilities(printed);
    List<SamplingPlan.Domain> domains = new ArrayList<>();
    for (int i = 0; i < mixed.size(); i++) {
      List<SamplingPlan.Change> changes = changes(i, computed[i], wanted[i], printed[i], budget);
      domains.add(domain(i, printed[i], changes, tokens == null ? null : tokens[i], rows[i]));
    }
    List<String> dropped =
        domains.stream().filter(d -> !d.isDrawn()).map(SamplingPlan.Domain::name).toList();
    return new SamplingPlan(
        SamplingPlan.SCHEMA_VERSION,
        "tokens",
        budget,
        config.sequenceLength(),
        seed,
        null,
        domains,
        List.of(),
        dropped,
        warnings(domains, dropped));
  }

  /** Returns the weights, drawn towards the prior. */
  private double[] wanted(double[] computed) {
    PriorConfig prior = config.prior();
    if (prior.kind().isEmpty()) {
      return computed;
    }
    double[] towards =
        switch (prior.kind().get()) {
          case UNIFORM -> each(domain -> 1);
          case PROPORTIONAL -> each(domain -> Math.pow(size(domain), 1 / prior.temperature()));
          case GIVEN -> each(domain -> prior.shares().getOrDefault(domain, 0.0));
        };
    return Prior.blend(computed, towards, prior.strength());
  }

  private double size(String domain) {
    if (sizes.get(domain).tokens() == null) {
      throw new InvalidInputException(
          "Cannot plan with plan.prior.kind = proportional: the size of domain '%s' is not known. Set plan.domains.\"%s\".available-tokens, or use uniform or given."
              .formatted(domain, domain));
    }
    return sizes.get(domain).tokens();
  }

  private Long budget() {
    if (config.tokens().isEmpty()) {
      if (sizes.values().stream().anyMatch(size -> size.tokens() == null)) {
        return null;
      }
      double available = sizes.values().stream().mapToDouble(DomainSize::tokens).sum();
      return bounds.largest((long) Math.min(available, bounds.available()));
    }
    requireBudget(config.tokens().get(), bounds);
    return config.tokens().get();
  }

  private void requireBudget(long budget, DomainBounds within) {
    if (within.allow(budget)) {
      return;
    }
    long largest = within.largest(budget);
    throw new InvalidInputException(
        largest == 0
            ? "Cannot plan any number of tokens: the floors of all domains come to more than 1, or the ceilings to less, or a floor is above its ceiling. Correct plan.floor, plan.ceiling or plan.domains."
            : "Cannot plan %d tokens: with at most %s epochs of each domain%s the corpus gives %d. Lower plan.tokens to that, raise plan.max-epochs, or add data."
                .formatted(budget, config.maxEpochs(), limitsInWords(), largest));
  }

  private String limitsInWords() {
    boolean others = config.floor() > 0 || config.ceiling() < 1 || !config.domains().isEmpty();
    return others ? ", and the floors, ceilings and epochs of plan.domains," : "";
  }

  private List<SamplingPlan.Change> changes(
      int i, double computed, double wanted, double planned, Long budget) {
    List<SamplingPlan.Change> changes = new ArrayList<>();
    if (differ(computed, wanted)) {
      changes.add(new SamplingPlan.Change(SamplingPlan.Cause.PRIOR, computed, wanted));
    }
    if (differ(wanted, planned)) {
      changes.add(new SamplingPlan.Change(cause(i, wanted, planned, budget), wanted, planned));
    }
    return changes;
  }

  /** Below the rounding of a printed share two are the same. */
  private static boolean differ(double before, double after) {
    return Math.abs(before - after) > 1e-12;
  }

  /** Returns the limit that the share lies at, if it does. */
  private SamplingPlan.Cause cause(int i, double wanted, double planned, Long budget) {
    String name = mixed.get(i).name();
    double rounding = budget == null ? 1e-12 : 1.5 / budget;
    if (planned < wanted) {
      boolean byEpochs = budget != null && planned * budget >= tokensOfEpochs(name) - 1.5;
      if (byEpochs) {
        return SamplingPlan.Cause.MAX_EPOCHS;
      }
      return planned >= config.ceiling(name) - rounding
          ? SamplingPlan.Cause.CEILING
          : SamplingPlan.Cause.OTHERS;
    }
    return planned <= config.floor(name) + rounding
        ? SamplingPlan.Cause.FLOOR
        : SamplingPlan.Cause.OTHERS;
  }

  private SamplingPlan.Domain domain(
      int i, double weight, List<SamplingPlan.Change> changes, Long tokens, Double probability) {
    String name = mixed.get(i).name();
    DomainSize size = sizes.get(name);
    boolean measured = tokens != null && size.tokens() != null;
    return new SamplingPlan.Domain(
        name,
        weight,
        mixed.get(i).weight(),
        changes,
        tokens,
        measured ? (Double) ((double) tokens / size.tokens()) : null,
        size.tokens(),
        size.tokens() == null ? null : (Double) size.tokensStandardError(),
        size.counted(),
        size.rows(),
        probability,
        changes.stream().anyMatch(c -> c.cause() == SamplingPlan.Cause.MAX_EPOCHS),
        size.sources());
  }

  /** p_i ∝ w_i / (tokens of a document of i): drawing documents so gives tokens in shares w. */
  private Double[] rowProbabilities(double[] weights) {
    Double[] result = new Double[weights.length];
    if (sizes.values().stream().anyMatch(size -> size.tokens() == null || size.rows() == null)) {
      return result;
    }
    double[] rows = new double[weights.length];
    for (int i = 0; i < rows.length; i++) {
      DomainSize size = sizes.get(mixed.get(i).name());
      rows[i] = weights[i] * size.rows() / size.tokens();
    }
    double[] shares = Shares.of(rows);
    Arrays.setAll(result, i -> shares[i]);
    return result;
  }

  private List<Warning> warnings(List<SamplingPlan.Domain> domains, List<String> dropped) {
    List<Warning> warnings = new ArrayList<>();
    warn(
        warnings,
        "EPOCHS_CAPPED",
        domains.stream()
            .filter(SamplingPlan.Domain::capped)
            .map(SamplingPlan.Domain::name)
            .toList(),
        "Asked for more than plan.max-epochs = %s passes; the rest went to the others in proportion."
            .formatted(config.maxEpochs()));
    warn(
        warnings,
        "BOUNDED",
        domains.stream().filter(Planner::isBounded).map(SamplingPlan.Domain::name).toList(),
        "Held at a floor or ceiling of the plan; the difference went to the others in proportion.");
    warn(warnings, "NO_TOKENS", dropped, "The weight comes to less than one token of the budget.");
    warn(
        warnings,
        "ROUGH_SIZE",
        sizes.values().stream()
            .filter(size -> size.tokens() != null)
            .filter(size -> size.tokensStandardError() > ROUGH * size.tokens())
            .map(DomainSize::name)
            .sorted()
            .toList(),
        "The estimate of its tokens has a standard error above 5 %: so have its epochs. plan.count = exact counts them.");
    return warnings;
  }

  private static boolean isBounded(SamplingPlan.Domain domain) {
    return domain.changes().stream()
        .map(SamplingPlan.Change::cause)
        .anyMatch(c -> c == SamplingPlan.Cause.FLOOR || c == SamplingPlan.Cause.CEILING);
  }

  private static void warn(
      List<Warning> warnings, String code, List<String> domains, String message) {
    if (!domains.isEmpty()) {
      warnings.add(new Warning(code, domains, message));
    }
  }
}
