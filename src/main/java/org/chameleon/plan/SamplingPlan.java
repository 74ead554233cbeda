package org.chameleon.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.sampling.DomainStatistics;

/**
 * How many tokens of each domain a training run takes: the content of {@code plan/manifest.json}.
 *
 * @param schemaVersion version of this layout
 * @param unit what weights are shares of: {@code tokens}
 * @param targetTokens training budget; the domains' tokens add up to it
 * @param sequenceLength tokens of a training sequence
 * @param seed of the run, for trainers that draw
 * @param domains ordered by name
 * @param dropped domains that get not one token
 * @param warnings what the reader should know
 */
public record SamplingPlan(
    int schemaVersion,
    String unit,
    long targetTokens,
    int sequenceLength,
    long seed,
    List<Domain> domains,
    List<String> dropped,
    List<Warning> warnings) {

  private static final int SCHEMA_VERSION = 1;
  private static final int DECIMALS = 15;

  /**
   * One domain of a plan.
   *
   * @param name the domain
   * @param weight its share of the training tokens; all sum to 1 as printed
   * @param tokens its training tokens
   * @param epochs passes over its data, null where its size is not known
   * @param availableTokens its tokens, null where not known
   * @param availableRows its documents, null where not known
   * @param rowProbability for trainers that draw documents: the chance of one to be of this domain,
   *     so that its share of the tokens is {@code weight}; null where sizes are not known
   * @param capped whether it gets less than the mixture asked for, because of the limit on epochs
   * @param sources its files
   */
  public record Domain(
      String name,
      double weight,
      long tokens,
      Double epochs,
      Long availableTokens,
      Long availableRows,
      Double rowProbability,
      boolean capped,
      List<DomainFiles.Source> sources) {

    /** Copies the list. */
    public Domain {
      sources = List.copyOf(sources);
    }

    /** Returns whether a file of this domain holds others too. */
    boolean hasSharedFiles() {
      return sources.stream().anyMatch(DomainFiles.Source::shared);
    }
  }

  /** Copies the lists. */
  public SamplingPlan {
    domains = List.copyOf(domains);
    dropped = List.copyOf(dropped);
    warnings = List.copyOf(warnings);
  }

  /**
   * Plans a training run: tokens in proportion to the weights, except that no domain is passed over
   * more than {@code maxEpochs} times; what it cannot take is shared among the others in
   * proportion.
   *
   * @param statistics sizes of the domains, or empty where they are not known
   * @throws InvalidInputException if the budget needs more epochs than allowed from every domain
   */
  public static SamplingPlan of(
      Mixture mixture, List<DomainStatistics> statistics, long seed, PlanConfig config) {
    Map<String, DomainStatistics> sizes =
        statistics.stream().collect(Collectors.toMap(DomainStatistics::name, Function.identity()));
    List<Mixture.Domain> mixed = mixture.domains();
    double[] weights = mixed.stream().mapToDouble(Mixture.Domain::weight).toArray();
    double[] limits =
        mixed.stream()
            .mapToDouble(
                d ->
                    sizes.isEmpty()
                        ? Double.POSITIVE_INFINITY
                        : Math.floor(sizes.get(d.name()).tokens() * config.maxEpochs()))
            .toArray();
    long budget = budget(statistics, limits, config);
    double[] shares = TokenBudget.shares(weights, limits, budget);
    long[] tokens = TokenBudget.whole(shares, limits, budget);
    double[] printed = decimals(Arrays.stream(shares).map(s -> s / budget).toArray());
    double[] rows = rowProbabilities(mixed, printed, sizes);
    List<Domain> domains = new ArrayList<>();
    List<String> dropped = new ArrayList<>();
    for (int i = 0; i < mixed.size(); i++) {
      String name = mixed.get(i).name();
      if (tokens[i] == 0) {
        dropped.add(name);
      }
      boolean capped = shares[i] < weights[i] * budget * (1 - 1e-12);
      domains.add(domain(name, printed[i], tokens[i], rows[i], capped, sizes.get(name)));
    }
    return new SamplingPlan(
        SCHEMA_VERSION,
        "tokens",
        budget,
        config.sequenceLength(),
        seed,
        domains,
        dropped,
        warnings(domains, dropped, statistics, config));
  }

  private static long budget(
      List<DomainStatistics> statistics, double[] limits, PlanConfig config) {
    long available = statistics.stream().mapToLong(DomainStatistics::tokens).sum();
    double most = Arrays.stream(limits).sum();
    if (config.tokens().isEmpty() && statistics.isEmpty()) {
      throw new InvalidInputException(
          "Cannot plan: the corpus's size is not known. Set plan.tokens.");
    }
    long budget = config.tokens().orElse((long) Math.min(available, most));
    if (budget > most) {
      throw new InvalidInputException(
          ("Cannot plan %d tokens: with at most %s epochs of each domain the corpus gives %d. Lower"
                  + " plan.tokens to that, raise plan.max-epochs, or add data.")
              .formatted(budget, config.maxEpochs(), (long) most));
    }
    return budget;
  }

  private static Domain domain(
      String name,
      double weight,
      long tokens,
      double rowProbability,
      boolean capped,
      DomainStatistics size) {
    return size == null
        ? new Domain(name, weight, tokens, null, null, null, null, capped, List.of())
        : new Domain(
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
  private static double[] rowProbabilities(
      List<Mixture.Domain> mixed, double[] weights, Map<String, DomainStatistics> sizes) {
    double[] rows = new double[weights.length];
    if (sizes.isEmpty()) {
      return rows;
    }
    for (int i = 0; i < rows.length; i++) {
      DomainStatistics size = sizes.get(mixed.get(i).name());
      rows[i] = weights[i] * size.rows() / size.tokens();
    }
    double sum = Arrays.stream(rows).sum();
    return decimals(Arrays.stream(rows).map(r -> r / sum).toArray());
  }

  /** Rounds shares to decimals whose printed sum is exactly 1; the largest takes the rest. */
  static double[] decimals(double[] shares) {
    BigDecimal[] rounded =
        Arrays.stream(shares)
            .mapToObj(s -> BigDecimal.valueOf(s).setScale(DECIMALS, RoundingMode.HALF_EVEN))
            .toArray(BigDecimal[]::new);
    BigDecimal sum = Arrays.stream(rounded).reduce(BigDecimal.ZERO, BigDecimal::add);
    int largest =
        IntStream.range(0, shares.length)
            .boxed()
            .max(Comparator.comparingDouble(i -> shares[i]))
            .orElseThrow();
    rounded[largest] = rounded[largest].add(BigDecimal.ONE).subtract(sum);
    return Arrays.stream(rounded).mapToDouble(BigDecimal::doubleValue).toArray();
  }

  private static List<Warning> warnings(
      List<Domain> domains,
      List<String> dropped,
      List<DomainStatistics> statistics,
      PlanConfig config) {
    List<Warning> warnings = new ArrayList<>();
    List<String> capped = domains.stream().filter(Domain::capped).map(Domain::name).toList();
    if (!capped.isEmpty()) {
      warnings.add(
          new Warning(
              "EPOCHS_CAPPED",
              capped,
              "Asked for more than plan.max-epochs = %s passes; the rest went to the others in proportion."
                  .formatted(config.maxEpochs())));
    }
    if (!dropped.isEmpty()) {
      warnings.add(
          new Warning(
              "NO_TOKENS", dropped, "The weight comes to less than one token of the budget."));
    }
    List<String> shared =
        domains.stream().filter(Domain::hasSharedFiles).map(Domain::name).toList();
    List<String> without =
        config.exports().stream()
            .map(ExportTarget::toString)
            .filter(target -> !config.paths().containsKey(target))
            .toList();
    if (!shared.isEmpty() && !without.isEmpty()) {
      warnings.add(
          new Warning(
              "SHARED_FILES",
              shared,
              "Their files hold several domains, so a path does not name one. Set plan.paths for %s, or split the files."
                  .formatted(String.join(", ", without))));
    }
    List<String> estimated =
        statistics.stream()
            .filter(s -> s.tokensStandardError() > 0.05 * s.tokens())
            .map(DomainStatistics::name)
            .toList();
    if (!estimated.isEmpty()) {
      warnings.add(
          new Warning(
              "ROUGH_SIZE",
              estimated,
              "The estimate of its tokens has a standard error above 5 %: so have its epochs."));
    }
    return warnings;
  }
}
