package org.chameleon.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import org.chameleon.evaluation.Candidate;
import org.chameleon.evaluation.EvaluationEstimate;
import org.chameleon.evaluation.EvaluationPlan;

/** What an evaluation would train, and how long it would take. */
final class EvaluationPlanTable {
  private final EvaluationEstimate estimate;
  private final EvaluationPlan plan;

  EvaluationPlanTable(EvaluationEstimate estimate) {
    this.estimate = estimate;
    this.plan = estimate.plan();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "model",
        "%.2f million parameters, sequences of %d tokens",
        estimate.parameters() / 1e6,
        plan.sizes().context());
    line(
        text,
        "mixtures",
        "%s",
        plan.candidates().stream().map(Candidate::name).collect(Collectors.joining(", ")));
    estimate
        .byHorizon()
        .forEach(
            (horizon, trials) ->
                line(
                    text,
                    "trials",
                    "%d of %,d tokens (%,d steps)",
                    trials,
                    plan.tokens(horizon),
                    plan.sizes().steps(horizon)));
    if (plan.swarmCount() > 0) {
      line(
          text,
          "regmix",
          "%d more of %,d tokens on other mixtures",
          plan.swarmCount(),
          plan.swarmTokens());
    }
    line(text, "in all", "%,d tokens, %.2e FLOPs", plan.tokens(), estimate.flops());
    line(
        text,
        "time",
        "about %s: %d side by side, %,.0f tokens/s together, measured now",
        duration(estimate.seconds()),
        estimate.speed().slots(),
        estimate.speed().tokensPerSecond());
    return text.append(System.lineSeparator()).toString();
  }

  private static void line(StringBuilder text, String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-9s ", name))
        .append(String.format(Locale.ROOT, format, values))
        .append(System.lineSeparator());
  }

  private static String duration(double seconds) {
    return seconds < 90
        ? Math.round(seconds) + " s"
        : seconds < 5400
            ? Math.round(seconds / 60) + " min"
            : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
