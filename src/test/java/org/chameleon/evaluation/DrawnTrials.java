package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Trials whose losses are drawn instead of trained for. */
final class DrawnTrials {
  static final int SEEDS = 5;
  static final int DOMAINS = 4;

  /** A mixture's losses of the domains, in bits per byte, without noise. */
  interface Losses {
    double[] of(SortedMap<String, Double> weights, int horizon, double learningRate);
  }

  private final Random random;
  private final Losses losses;
  private final double common;
  private final double own;

  /**
   * Creates a source of trials.
   *
   * @param common standard deviation that all mixtures of a seed share
   * @param own standard deviation of each mixture, on the mean over domains; a domain has twice it
   */
  DrawnTrials(long seed, Losses losses, double common, double own) {
    this.random = new Random(seed);
    this.losses = losses;
    this.common = common;
    this.own = own;
  }

  /** Returns the trials of all candidates, baselines with twice as many seeds. */
  List<TrialResult> of(List<Candidate> candidates, EvaluationConfig config) {
    List<TrialResult> results = new ArrayList<>();
    double[] rates = config.checkLearningRate() ? new double[] {1, 0.1} : new double[] {1};
    for (int horizon : config.horizons()) {
      for (double rate : rates) {
        double[] shared =
            IntStream.range(0, 2 * config.seeds())
                .mapToDouble(i -> common * random.nextGaussian())
                .toArray();
        for (Candidate candidate : candidates) {
          int seeds = (candidate.isBaseline() ? 2 : 1) * config.seeds();
          for (int seed = 0; seed < seeds; seed++) {
            Trial trial = new Trial(candidate.name(), seed, horizon, rate);
            double[] exact = losses.of(candidate.weights(), horizon, rate);
            double offset = shared[seed] + own * random.nextGaussian();
            results.add(
                result(
                    trial,
                    Arrays.stream(exact)
                        .map(loss -> loss + offset + 2 * own * random.nextGaussian() / 10)
                        .toArray()));
          }
        }
      }
    }
    return results;
  }

  /** Returns a trial that ended with these losses in bits per byte, of domains a, b, c, … */
  static TrialResult result(Trial trial, double... bitsPerByte) {
    List<DomainLoss> domains = new ArrayList<>();
    SortedMap<String, Long> drawn = new TreeMap<>();
    for (int i = 0; i < bitsPerByte.length; i++) {
      double nats = bitsPerByte[i] * Math.log(2) * 4000;
      domains.add(DomainLoss.of(domain(i), 20, 1000, 4000, nats));
      drawn.put(domain(i), 50_000L);
    }
    return new TrialResult(
        trial.mixture(),
        trial.seed(),
        trial.horizon(),
        trial.learningRate(),
        200_000,
        1e12,
        3,
        drawn,
        domains,
        null,
        null,
        null);
  }

  /** Returns a trial that failed. */
  static TrialResult failed(Trial trial, String error) {
    return new TrialResult(
        trial.mixture(),
        trial.seed(),
        trial.horizon(),
        trial.learningRate(),
        10_000,
        1e11,
        1,
        new TreeMap<>(),
        List.of(),
        null,
        null,
        error);
  }

  static String domain(int i) {
    return String.valueOf((char) ('a' + i));
  }

  static SortedMap<String, Double> weights(double... values) {
    SortedMap<String, Double> weights = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      weights.put(domain(i), values[i]);
    }
    return weights;
  }

  static Candidate candidate(String name, double... weights) {
    return new Candidate(name, weights(weights), 1e10, 2);
  }

  static EvaluationConfig config(List<Integer> horizons) {
    return config(horizons, 0.01, List.of(), false);
  }

  static EvaluationConfig config(
      List<Integer> horizons, double tolerance, List<String> allowWorse, boolean checkRate) {
    return new EvaluationConfig(
        EvaluationConfig.Preset.CPU,
        List.of("computed"),
        new EvaluationConfig.Grid(List.of(), List.of(), List.of()),
        200_000,
        horizons,
        SEEDS,
        new EvaluationConfig.Model(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        true,
        tolerance,
        allowWorse,
        checkRate,
        false,
        Optional.empty(),
        Optional.empty(),
        new EvaluationConfig.RegMix(Optional.empty(), Optional.empty(), 0.05));
  }
}
