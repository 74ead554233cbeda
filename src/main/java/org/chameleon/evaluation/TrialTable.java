package org.chameleon.evaluation;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The trials that ended well, by mixture, horizon and learning rate. */
final class TrialTable {
  /** Factor of the learning rate at which all is repeated where that is checked. */
  static final double TENTH = 0.1;

  private record Setting(String mixture, int horizon, double learningRate) {}

  private final Map<Setting, Map<Integer, TrialResult>> bySeed = new HashMap<>();

  /** Sorts trials; what failed, or measured a loss that is not finite, is left out. */
  TrialTable(Collection<TrialResult> trials) {
    for (TrialResult trial : trials) {
      if (endedWell(trial)) {
        Setting setting = new Setting(trial.mixture(), trial.horizon(), trial.learningRate());
        bySeed.computeIfAbsent(setting, s -> new TreeMap<>()).put(trial.seed(), trial);
      }
    }
  }

  private static boolean endedWell(TrialResult trial) {
    return trial.error() == null && Double.isFinite(trial.mean());
  }

  /** Returns the trials of a mixture, ordered by seed. */
  List<TrialResult> of(String mixture, int horizon) {
    return List.copyOf(bySeed(mixture, horizon, 1).values());
  }

  /**
   * Returns what differs between a mixture and a baseline that started from the same weights: a
   * number for each seed of both.
   *
   * @param loss of a trial
   */
  Sample difference(Setup setup, ToDoubleFunction<TrialResult> loss) {
    Map<Integer, TrialResult> mixture = bySeed(setup.mixture, setup.horizon, setup.learningRate);
    Map<Integer, TrialResult> baseline = bySeed(setup.baseline, setup.horizon, setup.learningRate);
    return Sample.of(
        mixture.keySet().stream()
            .filter(baseline::containsKey)
            .mapToDouble(
                seed ->
                    loss.applyAsDouble(mixture.get(seed)) - loss.applyAsDouble(baseline.get(seed)))
            .toArray());
  }

  /**
   * Two mixtures to be compared.
   *
   * @param mixture one
   * @param baseline the other
   * @param horizon that both were trained to
   * @param learningRate factor of it, of both
   */
  record Setup(String mixture, String baseline, int horizon, double learningRate) {}

  private Map<Integer, TrialResult> bySeed(String mixture, int horizon, double learningRate) {
    return bySeed.getOrDefault(new Setting(mixture, horizon, learningRate), Map.of());
  }
}
