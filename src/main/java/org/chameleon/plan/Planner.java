package org.chameleon.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chameleon.config.InvalidInputException;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.sampling.DomainStatistics;

/** Turns weights into tokens, under the limit on epochs. */
final class Planner {
  /** Relative standard error of a domain's size above which its epochs are only rough. */
  private static final double ROUGH = 0.05;

  private final List<Mixture.Domain> mixed;
  private final Map<String, DomainStatistics> sizes;
  private final PlanConfig config;
  private final double[] limits;

  Planner(List<Mixture.Domain> mixed, List<DomainStatistics> statistics, PlanConfig config) {
    this.mixed = mixed;
    this.sizes =
        statistics.stream().collect(Collectors.toMap(DomainStatistics::name, Function.identity()));
    this.config = config;
    this.limits = mixed.stream().mapToDouble(domain -> limit(domain.name())).toArray();
  }

  private double limit(String domain) {
    return sizes.isEmpty()
        ? Double.POSITIVE_INFINITY
        : Math.floor(sizes.get(domain).tokens() * config.maxEpochs());
  }

  SamplingPlan plan(long seed) {
    double[] weights = mixed.stream().mapToDouble(Mixture.Domain::weight).toArray();
    Long budget = budget();
    double[] shares = weights;
    long[] tokens = null;
    if (budget != null) {
      shares = TokenBudget.shares(weights, limits, (double) budget);
      tokens = TokenBudget.whole(shares, limits, budget);
    }
    double[] printed = Shares.of(shares);
    Double[] rows = rowProbabilities(printed);
    List<SamplingPlan.Domain> domains = new ArrayList<>();
    for (int i = 0; i < mixed.size(); i++) {
      Long mine = tokens == null ? null : tokens[i];
      boolean capped = budget != null && shares[i] < weights[i] * budget * (1 - 1e-12);
      domains.add(domain(mixed.get(i).name(), printed[i], mine, rows[i], capped));
    }
    List<String> dropped =
        domains.stream().filter(d -> !d.isDrawn()).map(SamplingPlan.Domain::name).toList();
    return new SamplingPlan(
        SamplingPlan.SCHEMA_VERSION,
        "tokens",
        budget,
        config.sequenceLength(),
        seed,
        domains,
        List.of(),
        dropped,
        warnings(domains, dropped));
  }

  private Long budget() {
    double most = Arrays.stream(limits).sum();
    if (config.tokens().isEmpty()) {
      double available = sizes.values().stream().mapToDouble(DomainStatistics::tokens).sum();
      return sizes.isEmpty() ? null : (Long) (long) Math.min(available, most);
    }
    long budget = config.tokens().get();
    if (budget > most) {
      throw new InvalidInputException(
          ("Cannot plan %d tokens: with at most %s epochs of each domain the corpus gives %d. Lower"
                  + " plan.tokens to that, raise plan.max-epochs, or add data.")
              .formatted(budget, config.maxEpochs(), (long) most));
    }
    return budget;
  }

  private SamplingPlan.Domain domain(
      String name, double weight, Long tokens, Double rowProbability, boolean capped) {
    DomainStatistics size = sizes.get(name);
    return size == null
        ? new SamplingPlan.Domain(name, weight, tokens, null, null, null, null, capped, List.of())
        : new SamplingPlan.Domain(
            name,
            weight,
            tokens,
            (double) tokens / size.tokens(),
            size.tokens(),
            size.rows(),
            rowProbability,
            capped,
            size.sources());
  }

  /** p_i ∝ w_i / (tokens of a document of i): drawing documents so gives tokens in shares w. */
  private Double[] rowProbabilities(double[] weights) {
    Double[] result = new Double[weights.length];
    if (sizes.isEmpty()) {
      return result;
    }
    double[] rows = new double[weights.length];
    for (int i = 0; i < rows.length; i++) {
      DomainStatistics size = sizes.get(mixed.get(i).name());
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
    warn(warnings, "NO_TOKENS", dropped, "The weight comes to less than one token of the budget.");
    warn(
        warnings,
        "ROUGH_SIZE",
        sizes.values().stream()
            .filter(size -> size.tokensStandardError() > ROUGH * size.tokens())
            .map(DomainStatistics::name)
            .sorted()
            .toList(),
        "The estimate of its tokens has a standard error above 5 %: so have its epochs.");
    for (ExportTarget target : config.exports()) {
      warnings.addAll(target.warnings(domains, config.template(target)));
    }
    return warnings;
  }

  private static void warn(
      List<Warning> warnings, String code, List<String> domains, String message) {
    if (!domains.isEmpty()) {
      warnings.add(new Warning(code, domains, message));
    }
  }
}
