package org.chameleon.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.chameleon.config.Range;
import org.chameleon.mixture.Objective;

/**
 * How mixtures are compared.
 *
 * @param preset the defaults of the other keys
 * @param candidates mixtures beside the baselines: {@code computed}, {@code regmix}, {@code
 *     file:URI} of weights by domain
 * @param grid computed mixtures of other settings
 * @param tokens training tokens of a trial at horizon 1
 * @param horizons training budgets, as multiples of {@code tokens}
 * @param seeds repetitions of each mixture; the baselines have twice as many
 * @param model the model to train
 * @param batch sequences of a step; unset: as {@code training.batch}
 * @param learningRate the highest; unset: as {@code training.learning-rate}
 * @param simulateEpochs whether the data is cut so that a domain repeats as often as it would in
 *     the planned training
 * @param tolerance most that a domain's bits per byte may rise, as a fraction
 * @param allowWorse domains that may be worse
 * @param checkLearningRate whether all is repeated at a tenth of the learning rate
 * @param keepModels whether the trials' models are kept
 * @param from checkpoint to continue from, instead of starting anew
 * @param target documents that {@code regmix} is found for, instead of all domains; every model is
 *     measured on them too
 * @param regmix how {@code regmix} is found
 */
public record EvaluationConfig(
    Preset preset,
    List<String> candidates,
    Grid grid,
    @Range(min = 1, max = 1_000_000_000_000L) long tokens,
    List<Integer> horizons,
    @Range(min = 3, max = 1000) int seeds,
    Model model,
    @Range(min = 1, max = 100_000) Optional<Integer> batch,
    @Range(min = 0, aboveMin = true, max = 10) Optional<Double> learningRate,
    boolean simulateEpochs,
    @Range(min = 0, max = 1) double tolerance,
    List<String> allowWorse,
    boolean checkLearningRate,
    boolean keepModels,
    Optional<String> from,
    Optional<String> target,
    RegMix regmix) {

  /** Defaults for a kind of machine. */
  public enum Preset {
    /** The proxy's shape, minutes. */
    CPU,
    /** 30 million parameters, 20 and 80 tokens a parameter. */
    GPU;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Every combination of settings, an empty list being the run's own.
   *
   * @param objective of the weights
   * @param maxRatio largest weight over smallest
   * @param prior strength of the step from the better-known baseline, which the plan's prior names,
   *     towards the computed weights: 1 is the computed mixture
   */
  public record Grid(List<Objective> objective, List<Double> maxRatio, List<Double> prior) {
    /** Copies the lists. */
    public Grid {
      objective = List.copyOf(objective);
      maxRatio = List.copyOf(maxRatio);
      prior = List.copyOf(prior);
    }
  }

  /**
   * A GPT-2 model with the vocabulary of the proxy's tokenizer.
   *
   * @param layers blocks; unset: those of {@code proxy.train}
   * @param width of the hidden states
   * @param heads of attention; they divide the width
   * @param context tokens of a training sequence
   */
  public record Model(
      @Range(min = 1, max = 200) Optional<Integer> layers,
      @Range(min = 1, max = 100_000) Optional<Integer> width,
      @Range(min = 1, max = 1000) Optional<Integer> heads,
      @Range(min = 2, max = 100_000) Optional<Integer> context) {}

  /**
   * A regression of small models' losses on their mixtures.
   *
   * @param models mixtures drawn around the proportional one; unset: four for each domain
   * @param tokens training tokens of each; unset: the small budget
   * @param klStrength pull to the proportional mixture
   */
  public record RegMix(
      @Range(min = 2, max = 1_000_000) Optional<Integer> models,
      @Range(min = 1) Optional<Long> tokens,
      @Range(min = 0, max = 1000) double klStrength) {}

  /** Copies the lists; refuses empty or repeated horizons. */
  public EvaluationConfig {
    candidates = List.copyOf(candidates);
    allowWorse = List.copyOf(allowWorse);
    for (String candidate : candidates) {
      if (!List.of(Candidate.COMPUTED, Candidate.REGMIX).contains(candidate)
          && !candidate.startsWith(Candidate.FILE)) {
        throw new IllegalArgumentException(
            "candidates has '%s'; known: computed, regmix, file:URI. The baselines are always tried."
                .formatted(candidate));
      }
    }
    if (horizons.isEmpty() || horizons.stream().anyMatch(h -> h < 1)) {
      throw new IllegalArgumentException(
          "horizons must be one or more whole numbers from 1, is " + horizons);
    }
    if (horizons.stream().distinct().count() != horizons.size()) {
      throw new IllegalArgumentException("horizons has a number twice: " + horizons);
    }
    horizons = horizons.stream().sorted().toList();
  }

  /** Returns the longest horizon. */
  public int longest() {
    return horizons.get(horizons.size() - 1);
  }
}
