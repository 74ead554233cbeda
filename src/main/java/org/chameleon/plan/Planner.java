package org.chameleon.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.chameleon.config.InvalidInputException;
import org.chameleon.mixture.Mixture;
import org.chameleon.sampling.DomainSize;

/** Turns weights into tokens, under the limit on epochs. */
final class Planner {
  /** Without a budget only the shares of floors and ceilings are known: a large one stands in. */
  private static final long ANY_BUDGET = 1_000_000_000_000_000L;

  private final List<Mixture.Domain> mixed;
  private final Map<String, AvailableData> available;
  private final PlanConfig config;
  private final DomainBounds bounds;

  Planner(List<Mixture.Domain> mixed, List<DomainSize> found, PlanConfig config) {
    this.mixed = mixed;
    this.config = config;
    requireKnown(config.domains().keySet(), "plan.domains");
    requireKnown(config.prior().shares().keySet(), "plan.prior.shares");
    this.available = available(found);
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

  private Map<String, AvailableData> available(List<DomainSize> found) {
    Map<String, AvailableData> byName =
        found.stream().collect(Collectors.toMap(DomainSize::name, AvailableData::of));
    Map<String, AvailableData> result = new TreeMap<>();
    for (Mixture.Domain domain : mixed) {
      String name = domain.name();
      DomainLimits limits = config.limits(name);
      if (config.count() == TokenOrigin.GIVEN && limits.availableTokens().isEmpty()) {
        throw new InvalidInputException(
            "Cannot plan with plan.count = given: nothing is said of domain '%s'. Set plan.domains.\"%s\".available-tokens."
                .formatted(name, name));
      }
      result.put(name, byName.getOrDefault(name, AvailableData.UNKNOWN).withGiven(limits));
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
    AvailableData data = available.get(domain);
    return data.hasTokens()
        ? Math.floor(data.tokens() * config.maxEpochs(domain))
        : Double.POSITIVE_INFINITY;
  }

  /** Plans the computed weights. */
  SamplingPlan plan(long seed) {
    double[] computed = mixed.stream().mapToDouble(Mixture.Domain::weight).toArray();
    return plan(wanted(computed), SamplingPlan.Cause.PRIOR, seed);
  }

  /** Plans weights that were planned before, so that they are drawn nowhere again. */
  SamplingPlan plan(Map<String, Double> recommended, long seed) {
    List<String> names = mixed.stream().map(Mixture.Domain::name).toList();
    if (!recommended.keySet().equals(Set.copyOf(names))) {
      throw new InvalidInputException(
          "Cannot plan the recommended mixture: it is of domains %s, the run has %s. Run chameleon evaluate again."
              .formatted(String.join(", ", recommended.keySet()), String.join(", ", names)));
    }
    return plan(each(recommended::get), SamplingPlan.Cause.RECOMMENDED, seed);
  }

  private SamplingPlan plan(double[] wanted, SamplingPlan.Cause first, long seed) {
    Long budget = budget();
    double[] shares = shares(wanted, budget);
    long[] tokens =
        budget == null
            ? null
            : TokenBudget.whole(shares, bounds.least(budget), bounds.most(budget), budget);
    double[] printed = Shares.of(shares);
    Double[] rows = rowProbabilities(printed);
    ShareChanges steps = new ShareChanges(config, budget, this::tokensOfEpochs, first);
    List<SamplingPlan.Domain> domains = new ArrayList<>();
    for (int i = 0; i < mixed.size(); i++) {
      List<SamplingPlan.Change> changes = steps.of(mixed.get(i), wanted[i], printed[i]);
      domains.add(domain(i, printed[i], changes, tokens == null ? null : tokens[i], rows[i]));
    }
    return new SamplingPlan(
        SamplingPlan.SCHEMA_VERSION,
        "tokens",
        budget,
        config.sequenceLength(),
        seed,
        null,
        domains,
        List.of(),
        domains.stream().filter(d -> !d.isDrawn()).map(SamplingPlan.Domain::name).toList(),
        null,
        PlanWarnings.of(domains, config));
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
    AvailableData data = available.get(domain);
    if (!data.hasTokens()) {
      throw new InvalidInputException(
          "Cannot plan with plan.prior.kind = proportional: the size of domain '%s' is not known. Set plan.domains.\"%s\".available-tokens, or use uniform or given."
              .formatted(domain, domain));
    }
    return data.tokens();
  }

  private Long budget() {
    if (config.tokens().isPresent()) {
      requireBudget(config.tokens().get(), bounds);
      return config.tokens().get();
    }
    if (!available.values().stream().allMatch(AvailableData::hasTokens)) {
      return null;
    }
    double once = available.values().stream().mapToDouble(AvailableData::tokens).sum();
    return bounds.largest((long) Math.min(once, bounds.available()));
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

  /** Returns real shares of a budget, null if there is none, within the bounds. */
  private double[] shares(double[] wanted, Long budget) {
    if (budget != null) {
      return TokenBudget.shares(wanted, bounds.least(budget), bounds.most(budget), budget);
    }
    DomainBounds unlimited = bounds(domain -> Double.POSITIVE_INFINITY);
    requireBudget(ANY_BUDGET, unlimited);
    return TokenBudget.shares(
        wanted, unlimited.least(ANY_BUDGET), unlimited.most(ANY_BUDGET), ANY_BUDGET);
  }

  private SamplingPlan.Domain domain(
      int i, double weight, List<SamplingPlan.Change> changes, Long tokens, Double probability) {
    String name = mixed.get(i).name();
    AvailableData data = available.get(name);
    boolean measured = tokens != null && data.hasTokens();
    return new SamplingPlan.Domain(
        name,
        weight,
        mixed.get(i).weight(),
        changes,
        tokens,
        measured ? (Double) ((double) tokens / Math.max(1, data.tokens())) : null,
        data.tokens(),
        data.hasTokens() ? (Double) data.tokensStandardError() : null,
        data.origin(),
        data.rows(),
        probability,
        changes.stream().anyMatch(c -> c.cause() == SamplingPlan.Cause.MAX_EPOCHS),
        data.sources());
  }

  /** p_i ∝ w_i / (tokens of a document of i): drawing documents so gives tokens in shares w. */
  private Double[] rowProbabilities(double[] weights) {
    Double[] result = new Double[weights.length];
    if (available.values().stream().anyMatch(data -> !data.hasTokens() || data.rows() == null)) {
      return result;
    }
    double[] rows = new double[weights.length];
    for (int i = 0; i < rows.length; i++) {
      AvailableData data = available.get(mixed.get(i).name());
      rows[i] = weights[i] == 0 ? 0 : weights[i] * data.rows() / data.tokens();
      if (weights[i] > 0 && rows[i] == 0) {
        // It has tokens and no documents: nobody can draw them.
        return result;
      }
    }
    double[] shares = Shares.of(rows);
    Arrays.setAll(result, i -> shares[i]);
    return result;
  }
}
