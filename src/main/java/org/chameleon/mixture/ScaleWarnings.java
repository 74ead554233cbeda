package org.chameleon.mixture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cases in which an absolute λ or T is not what it was in the paper: λ = 10 was 0.29 times
 * trace(K)/k there, and T = 5 (finetuning: 0.2) was for seven domains. With one domain or two, or
 * without any difference between them, neither changes a weight.
 */
final class ScaleWarnings {
  /** The paper's λ over its trace(K)/k. */
  private static final double PAPER_LAMBDA = 0.29;

  /**
   * How far λ may be off, as a factor, with a proxy of the paper's shape: its trace differs with
   * its training and the corpus.
   */
  private static final double NEAR = 5;

  private static final double ROUNDING = 1e-6;

  private ScaleWarnings() {}

  /**
   * Returns the warnings, λ before T.
   *
   * @param proxy shape of the model that the embeddings are of, if it is known
   */
  static List<Warning> of(Mixture mixture, Optional<ProxyShape> proxy, MixtureConfig config) {
    int k = mixture.domains().size();
    double mean = mixture.meanSquaredDistance();
    List<Warning> warnings = new ArrayList<>();
    if (k > 2 && mean > 0) {
      if (config.lambdaMode() == Scale.ABSOLUTE) {
        lambda(config.lambda(), config.lambda() / mean, proxy).ifPresent(warnings::add);
      }
      if (config.temperatureMode() == Scale.ABSOLUTE) {
        temperature(config, mixture.effectiveTemperature(), k).ifPresent(warnings::add);
      }
    }
    return warnings;
  }

  private static Optional<Warning> lambda(
      double lambda, double relative, Optional<ProxyShape> proxy) {
    boolean paperShape = proxy.filter(ProxyShape.PAPER::equals).isPresent();
    if (paperShape && relative < PAPER_LAMBDA * NEAR && relative > PAPER_LAMBDA / NEAR) {
      return Optional.empty();
    }
    String message =
        ("mixture.lambda = %s is absolute: with %s it is %s times trace(K)/k, where the paper's was %s"
                + " times, with %s. Set mixture.lambda-mode = relative and mixture.lambda = %s.")
            .formatted(
                number(lambda),
                proxy.map(shape -> "this proxy of " + shape).orElse("these embeddings"),
                number(relative),
                number(PAPER_LAMBDA),
                paperShape ? "another proxy of that shape" : "one of " + ProxyShape.PAPER,
                number(PAPER_LAMBDA));
    return Optional.of(new Warning("ABSOLUTE_LAMBDA", List.of(), message));
  }

  /** Where T was raised, what was used is compared; not what it would be raised to anyway. */
  private static Optional<Warning> temperature(MixtureConfig config, double used, int k) {
    double paper = config.objective().paperTemperature();
    double fitting = config.objective().relativeTemperature(paper, k);
    boolean raisedAnyway = used > config.baseTemperature() && used >= fitting;
    if (k == Objective.PAPER_DOMAINS || raisedAnyway || Math.abs(used / fitting - 1) < ROUNDING) {
      return Optional.empty();
    }
    String message =
        ("mixture.temperature = %s is absolute: with %d domains %s is what %s is with the paper's %d,"
                + " and weights are %s. Set mixture.temperature-mode = relative and"
                + " mixture.temperature = %s.")
            .formatted(
                number(config.baseTemperature()),
                k,
                used > config.baseTemperature() ? number(used) + ", as used," : "it",
                number(paper * used / fitting),
                Objective.PAPER_DOMAINS,
                used < fitting ? "further apart" : "closer together",
                number(paper));
    return Optional.of(new Warning("ABSOLUTE_TEMPERATURE", List.of(), message));
  }

  /** Three digits, such as 10, 0.29 or 31200. */
  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
