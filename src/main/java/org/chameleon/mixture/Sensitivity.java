package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.chameleon.embedding.DomainEmbeddings;

/**
 * What else the weights might have been: how far other settings and other proxies move them, and
 * whether the order of the domains can be trusted.
 *
 * @param settings what was tried
 * @param leastTau least of Kendall's τ over all that is tried but the objective, which is a choice;
 *     null where none is known
 * @param uncertainPairs pairs of domains that the noise of the windows alone may have put into the
 *     wrong order, with a chance above 5 %; null where the noise is not known
 * @param pairs of domains there are
 * @param order whether it can be trusted
 * @param sentence the same in words
 */
public record Sensitivity(
    List<Setting> settings,
    Double leastTau,
    Integer uncertainPairs,
    int pairs,
    Order order,
    String sentence) {

  /** Domains above which nothing is tried: each setting costs O(k³). */
  private static final int MOST_DOMAINS = 2000;

  private static final double[] LAMBDAS = {0.1, 0.3, 3, 10};
  private static final double[] TEMPERATURES = {0.5, 2};
  private static final int FEWEST_RANKED = 3;

  private static final double LIKELY = 0.05;

  /** Part of all pairs that may have changed places where the order is trusted. */
  private static final double FEW = 0.1;

  /** Part from which on it is not, not even in part. */
  private static final double MANY = 0.25;

  /** Whether the order of domains by weight can be trusted. */
  public enum Order {
    /** Neither other settings nor the noise of the windows moves more than a tenth of all pairs. */
    TRUSTED,
    /** One of both does, or is not known. */
    IN_PART,
    /** One of both moves more than a quarter of all pairs. */
    NOT_TRUSTED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * Weights under one other setting, all else as it was.
   *
   * @param key of the configuration
   * @param value tried, or the run whose proxy was
   * @param kendallTau Kendall's τ-b of its weights and the chosen ones; null where all of one are
   *     equal
   * @param largestChange of the weight of any domain, against the chosen setting
   * @param domain whose weight that is
   * @param effectiveDimension sum of the raw scores
   * @param ratio of the largest weight to the smallest
   */
  public record Setting(
      String key,
      String value,
      Double kendallTau,
      double largestChange,
      String domain,
      double effectiveDimension,
      double ratio) {
    boolean isObjective() {
      return key.equals("mixture.objective");
    }

    /** Returns the setting as it is written in a configuration. */
    public String inWords() {
      return key + " = " + value;
    }
  }

  /** Copies the list. */
  public Sensitivity {
    settings = List.copyOf(settings);
  }

  /**
   * Tries other settings.
   *
   * @param embeddings of the domains
   * @param tokens of the domains, or none
   * @param chosen the solution with the setting that was chosen
   * @param alternatives of other hidden states and proxies
   * @param swaps chance that two domains have the other order; null where not known
   * @return nothing where the weights are uniform whatever the setting, or there are too many
   */
  static Optional<Sensitivity> of(
      DomainEmbeddings embeddings,
      Map<String, Long> tokens,
      MixtureConfig config,
      Solution chosen,
      List<Alternative> alternatives,
      Double[][] swaps) {
    int k = embeddings.names().size();
    if (k < FEWEST_RANKED || k > MOST_DOMAINS) {
      return Optional.empty();
    }
    Trial trial = new Trial(embeddings.names(), chosen.weights());
    List<Setting> settings = new ArrayList<>();
    for (double factor : LAMBDAS) {
      double lambda = factor * config.lambda();
      MixtureConfig other = config.withLambda(lambda);
      settings.add(trial.of("mixture.lambda", number(lambda), chosen.under(other)));
    }
    for (double factor : TEMPERATURES) {
      double temperature = factor * config.baseTemperature();
      MixtureConfig other = config.withTemperature(Optional.of(temperature));
      settings.add(trial.of("mixture.temperature", number(temperature), chosen.under(other)));
    }
    Objective objective = config.objective().other();
    settings.add(
        trial.of(
            "mixture.objective",
            objective.toString(),
            chosen.under(config.withObjective(objective))));
    for (Alternative other : alternatives) {
      settings.add(
          trial.of(
              other.key(),
              other.value(),
              Solution.of(Units.of(other.embeddings(), tokens, config), config)));
    }
    return Optional.of(judged(settings, swaps, k));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  /** Compares with the chosen weights. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  private record Trial(List<String> names, double[] chosen) {
    Setting of(String key, String value, Solution other) {
      double[] weights = other.weights();
      int furthest =
          IntStream.range(0, weights.length)
              .boxed()
              .max(Comparator.comparingDouble(i -> Math.abs(weights[i] - chosen[i])))
              .orElseThrow();
      double tau = new KendallsCorrelation().correlation(chosen, weights);
      return new Setting(
          key,
          value,
          Double.isNaN(tau) ? null : (Double) tau,
          Math.abs(weights[furthest] - chosen[furthest]),
          names.get(furthest),
          other.scores().effectiveDimension(),
          Arrays.stream(weights).max().orElseThrow() / Arrays.stream(weights).min().orElseThrow());
    }
  }

  private static Sensitivity judged(List<Setting> settings, Double[][] swaps, int k) {
    Predicate<Setting> ranked = setting -> !setting.isObjective() && setting.kendallTau() != null;
    Optional<Setting> worst =
        settings.stream().filter(ranked).min(Comparator.comparingDouble(Setting::kendallTau));
    Integer uncertain = uncertain(swaps);
    int pairs = k * (k - 1) / 2;
    // Of all pairs, (1 - τ) / 2 have changed places.
    double bySettings = worst.map(setting -> (1 - setting.kendallTau()) / 2).orElse(Double.NaN);
    double byNoise = uncertain == null ? Double.NaN : (double) uncertain / pairs;
    Order order = Order.IN_PART;
    if (bySettings > MANY || byNoise > MANY) {
      order = Order.NOT_TRUSTED;
    } else if (bySettings <= FEW && byNoise <= FEW) {
      order = Order.TRUSTED;
    }
    return new Sensitivity(
        settings,
        worst.map(Setting::kendallTau).orElse(null),
        uncertain,
        pairs,
        order,
        sentence(order, worst, uncertain, pairs));
  }

  /** Returns null where the noise of any domain is not known. */
  private static Integer uncertain(Double[][] swaps) {
    int uncertain = 0;
    for (int i = 0; i < swaps.length; i++) {
      for (int j = 0; j < i; j++) {
        if (swaps[i][j] == null) {
          return null;
        }
        uncertain += swaps[i][j] > LIKELY ? 1 : 0;
      }
    }
    return uncertain;
  }

  private static String sentence(
      Order order, Optional<Setting> worst, Integer uncertain, int pairs) {
    String settings =
        worst
            .map(
                setting ->
                    String.format(
                        Locale.ROOT,
                        "of other settings %s changes it most (Kendall's τ %.2f)",
                        setting.inWords(),
                        setting.kendallTau()))
            .orElse("no other setting can be compared");
    String noise =
        uncertain == null
            ? "the noise of the windows is not known"
            : String.format(
                Locale.ROOT,
                "%d of %d pairs may have the other order by the noise of the windows",
                uncertain,
                pairs);
    return "The order of the domains is %s: %s; %s."
        .formatted(
            switch (order) {
              case TRUSTED -> "to be trusted";
              case IN_PART -> "to be trusted in part";
              case NOT_TRUSTED -> "not to be trusted";
            },
            settings,
            noise);
  }
}
