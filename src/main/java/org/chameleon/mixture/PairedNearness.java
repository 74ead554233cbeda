package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.ml.linalg.DenseMatrix;

/** Nearness by the affinity of all pairs. */
final class PairedNearness implements Nearness {
  private final Units units;
  private final DenseMatrix affinity;
  private final MixtureConfig config;

  PairedNearness(Solution solution, MixtureConfig config) {
    this.units = solution.units();
    this.affinity = solution.affinity();
    this.config = config;
  }

  @Override
  public List<List<Integer>> families() {
    return Families.of(affinity);
  }

  /** With the mean of all their samples. */
  @Override
  public OptionalDouble asOne(List<Integer> family) {
    List<double[]> means = new ArrayList<>();
    double[] merged = new double[units.means().get(0).length];
    double all = family.stream().mapToDouble(i -> units.all().get(i).samples()).sum();
    for (int i = 0; i < units.all().size(); i++) {
      Units.Unit unit = units.all().get(i);
      if (family.contains(i)) {
        double part = unit.samples() / all;
        Arrays.setAll(merged, j -> merged[j] + part * unit.mean()[j]);
      } else {
        means.add(unit.mean());
      }
    }
    means.add(merged);
    DenseMatrix fewer = Affinity.of(means);
    LeverageScores theirs = LeverageScores.of(fewer, config.lambda(fewer));
    double[] values = Weights.of(config.entering(theirs), config).values();
    return OptionalDouble.of(values[values.length - 1]);
  }

  @Override
  public boolean isUnresolved(int unit, double[] noise) {
    for (int j = 0; j < noise.length; j++) {
      double both = noise[unit] + noise[j];
      if (j != unit && both > 0 && Affinity.squaredDistance(affinity, unit, j) < 2 * both) {
        return true;
      }
    }
    return false;
  }
}
