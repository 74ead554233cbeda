package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Objective;
import org.chameleon.plan.Prior;

/** The mixtures that a run's scores give under other settings. */
public final class GridCandidates {
  /** Weights that differ by no more are the same mixture. */
  private static final double SAME = 1e-9;

  private final Mixture mixture;
  private final SortedMap<String, Double> baseline;
  private final double ownStep;

  /**
   * Creates the candidates of a run.
   *
   * @param mixture of the run
   * @param baseline shares that a step begins at, positive, of the mixture's domains
   * @param ownStep strength of the run's own step, where the grid names none: 1 less the strength
   *     of {@code plan.prior}
   */
  public GridCandidates(Mixture mixture, SortedMap<String, Double> baseline, double ownStep) {
    this.mixture = mixture;
    this.baseline = new TreeMap<>(baseline);
    this.ownStep = ownStep;
    if (!this.baseline.keySet().equals(mixture.weights(own(), ratio()).keySet())) {
      throw new IllegalArgumentException(
          "the baseline is of domains %s, the mixture is not".formatted(baseline.keySet()));
    }
  }

  /**
   * Returns the weights of every combination of a grid's settings, by a name that tells them, such
   * as {@code finetune-r2-p0.5}: objective, largest ratio where there is one, strength of the step.
   * The step is geometric, {@code w ∝ baseline^(1 - s) · computed^s}. What is the same as the run's
   * own mixture, the baseline or a combination before it is not there.
   *
   * @param grid of settings; none give no candidates
   */
  public Map<String, SortedMap<String, Double>> of(EvaluationConfig.Grid grid) {
    Map<String, SortedMap<String, Double>> found = new LinkedHashMap<>();
    if (grid.objective().isEmpty() && grid.maxRatio().isEmpty() && grid.prior().isEmpty()) {
      return found;
    }
    List<SortedMap<String, Double>> known = new ArrayList<>();
    known.add(stepped(mixture.weights(own(), ratio()), ownStep));
    known.add(baseline);
    for (Objective objective : orOwn(grid.objective(), own())) {
      for (Optional<Double> ratio : ratios(grid)) {
        for (double step : orOwn(grid.prior(), ownStep)) {
          SortedMap<String, Double> weights = stepped(mixture.weights(objective, ratio), step);
          if (known.stream().noneMatch(other -> same(other, weights))) {
            known.add(weights);
            found.put(name(objective, ratio, step), weights);
          }
        }
      }
    }
    return Collections.unmodifiableMap(found);
  }

  private Objective own() {
    return mixture.purpose();
  }

  private Optional<Double> ratio() {
    return Optional.ofNullable(mixture.maxRatio());
  }

  private List<Optional<Double>> ratios(EvaluationConfig.Grid grid) {
    return orOwn(grid.maxRatio().stream().map(Optional::of).toList(), ratio());
  }

  private static <T> List<T> orOwn(List<T> given, T own) {
    return given.isEmpty() ? List.of(own) : given;
  }

  private SortedMap<String, Double> stepped(SortedMap<String, Double> computed, double step) {
    double[] blended = Prior.blend(values(computed), values(baseline), 1 - step);
    SortedMap<String, Double> weights = new TreeMap<>();
    int next = 0;
    for (String domain : computed.keySet()) {
      weights.put(domain, blended[next++]);
    }
    return weights;
  }

  private static double[] values(SortedMap<String, Double> weights) {
    return weights.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static boolean same(SortedMap<String, Double> one, SortedMap<String, Double> other) {
    return one.keySet().stream()
        .allMatch(domain -> Math.abs(one.get(domain) - other.get(domain)) <= SAME);
  }

  private static String name(Objective objective, Optional<Double> ratio, double step) {
    return objective + ratio.map(r -> "-r" + number(r)).orElse("") + "-p" + number(step);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
