package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.chameleon.plan.Verdict;

/**
 * When a mixture is called better than a baseline, or worse. Better is only what passes all of
 * these; each that it does not pass is a reason in the verdict:
 *
 * <ol>
 *   <li>at the longest horizon the corrected interval of the mean over domains excludes 0, and the
 *       gain is above 0.2 % of the baseline's mean;
 *   <li>the sign is the same at every horizon, and {@linkplain Gap#closes the gap does not close};
 *   <li>no domain is worse by more than {@code evaluation.tolerance}, unless it is allowed to be;
 *   <li>where that is checked, the sign is the same at a tenth of the learning rate.
 * </ol>
 *
 * <p>Worse is what is above the baseline at every horizon, by more than 0.2 % at the longest and
 * with an interval that excludes 0 there. All else is not shown.
 */
final class Rule {
  /** Fewest seeds of both at a horizon. */
  static final int LEAST_SEEDS = 3;

  private final EvaluationConfig config;

  Rule(EvaluationConfig config) {
    this.config = config;
  }

  /**
   * What the rule says.
   *
   * @param verdict in one word
   * @param reasons sentences that led to it
   */
  record Judgement(Verdict verdict, List<String> reasons) {}

  /** Returns the verdict on a mixture, with its reasons. */
  Judgement judge(Gap gap) {
    List<String> missing = missing(gap);
    if (!missing.isEmpty()) {
      return new Judgement(Verdict.NOT_SHOWN, missing);
    }
    boolean lower = gap.difference() < 0;
    List<String> against = lower ? againstBetter(gap) : againstWorse(gap);
    List<String> reasons = new ArrayList<>(against);
    Verdict verdict = Verdict.NOT_SHOWN;
    if (against.isEmpty()) {
      verdict = lower ? Verdict.BETTER : Verdict.WORSE;
      reasons.addAll(lower ? forBetter(gap) : forWorse(gap));
    }
    if (gap.byHorizon().size() == 1) {
      reasons.add(
          ("Only one horizon was run, %d x the small budget: "
                  + "whether the gap lasts in a longer training is not known.")
              .formatted(gap.longest()));
    }
    return new Judgement(verdict, List.copyOf(reasons));
  }

  private static List<String> missing(Gap gap) {
    return gap.byHorizon().entrySet().stream()
        .filter(horizon -> horizon.getValue().size() < LEAST_SEEDS)
        .map(
            horizon ->
                "At %d x the small budget %d seeds ended well both here and with %s; %d are needed."
                    .formatted(
                        horizon.getKey(), horizon.getValue().size(), gap.baseline(), LEAST_SEEDS))
        .toList();
  }

  private List<String> againstBetter(Gap gap) {
    List<String> reasons = tooSmall(gap, "gain");
    if (gap.keepsSign() && gap.closes()) {
      reasons.add(
          "The gap closes: it is %s; at %d x nothing would be left of it."
              .formatted(horizons(gap), (long) gap.longest() * gap.longest() / gap.shortest()));
    }
    gap.rises().entrySet().stream()
        .filter(domain -> domain.getValue() > config.tolerance())
        .filter(domain -> !config.allowWorse().contains(domain.getKey()))
        .forEach(
            domain ->
                reasons.add(
                    ("Domain '%s' is worse by %s, more than evaluation.tolerance, %s; "
                            + "evaluation.allow-worse does not name it.")
                        .formatted(
                            domain.getKey(),
                            percent(domain.getValue()),
                            percent(config.tolerance()))));
    if (config.checkLearningRate()) {
      reasons.addAll(againstSlower(gap));
    }
    return reasons;
  }

  private static List<String> againstSlower(Gap gap) {
    Sample slower = gap.slower();
    if (slower.size() < LEAST_SEEDS) {
      return List.of(
          ("At a tenth of the learning rate %d seeds ended well both here and with %s; "
                  + "%d are needed.")
              .formatted(slower.size(), gap.baseline(), LEAST_SEEDS));
    }
    return slower.mean() < 0
        ? List.of()
        : List.of(
            "At a tenth of the learning rate the sign turns: the difference is %s."
                .formatted(bits(slower.mean())));
  }

  private static List<String> againstWorse(Gap gap) {
    return tooSmall(gap, "loss");
  }

  /** Returns what speaks against a difference in either direction. */
  private static List<String> tooSmall(Gap gap, String kind) {
    List<String> reasons = new ArrayList<>();
    if (!gap.interval().rejected()) {
      reasons.add("The interval of the difference, %s, includes 0.".formatted(interval(gap)));
    }
    if (gap.fraction() <= Findings.LEAST_GAIN) {
      reasons.add(
          "The %s is %s of the mean of %s; more than %s is asked for."
              .formatted(
                  kind, percent(gap.fraction()), gap.baseline(), percent(Findings.LEAST_GAIN)));
    }
    if (!gap.keepsSign()) {
      reasons.add("The sign is not the same at all horizons: %s.".formatted(horizons(gap)));
    }
    return reasons;
  }

  private List<String> forBetter(Gap gap) {
    List<String> reasons = new ArrayList<>();
    reasons.add(measured(gap, "below"));
    if (gap.byHorizon().size() > 1) {
      reasons.add(
          "The sign is the same at all horizons, and the gap does not close: %s."
              .formatted(horizons(gap)));
    }
    List<String> allowed =
        gap.rises().entrySet().stream()
            .filter(domain -> domain.getValue() > config.tolerance())
            .map(
                domain ->
                    "Domain '%s' is worse by %s, which evaluation.allow-worse permits."
                        .formatted(domain.getKey(), percent(domain.getValue())))
            .toList();
    reasons.addAll(allowed);
    reasons.add(
        "No %sdomain is worse by more than %s."
            .formatted(allowed.isEmpty() ? "" : "other ", percent(config.tolerance())));
    if (config.checkLearningRate()) {
      reasons.add(
          "At a tenth of the learning rate the sign is the same: the difference is %s."
              .formatted(bits(gap.slower().mean())));
    }
    return reasons;
  }

  private static List<String> forWorse(Gap gap) {
    List<String> reasons = new ArrayList<>();
    reasons.add(measured(gap, "above"));
    if (gap.byHorizon().size() > 1) {
      reasons.add("It is above at all horizons: by %s.".formatted(horizons(gap)));
    }
    return reasons;
  }

  private static String measured(Gap gap, String side) {
    return "The mean over domains is %s %s that of %s; the interval of the difference is %s."
        .formatted(percent(gap.fraction()), side, gap.baseline(), interval(gap));
  }

  private static String interval(Gap gap) {
    return String.format(
        Locale.ROOT,
        "%+.4f to %+.4f bits per byte from %d seeds",
        gap.interval().low(),
        gap.interval().high(),
        gap.byHorizon().get(gap.longest()).size());
  }

  private static String horizons(Gap gap) {
    return gap.byHorizon().entrySet().stream()
            .map(entry -> bits(entry.getValue().mean()) + " at " + entry.getKey() + " x")
            .collect(Collectors.joining(", "))
        + " the small budget";
  }

  private static String bits(double difference) {
    return String.format(Locale.ROOT, "%+.4f bits per byte", difference);
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
  }
}
