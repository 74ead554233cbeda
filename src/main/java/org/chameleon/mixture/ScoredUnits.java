package org.chameleon.mixture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was found of the units, ordered by their names. */
final class ScoredUnits {
  private final int[] familyAt;
  private final List<String> unitNames;
  private final double[] noise;
  private final double[] raw;
  private final double[] corrected;
  private final List<double[][]> moved;

  ScoredUnits(
      int[] familyAt,
      List<String> unitNames,
      double[] noise,
      double[] raw,
      double[] corrected,
      List<double[][]> moved) {
    this.familyAt = familyAt;
    this.unitNames = unitNames;
    this.noise = noise;
    this.raw = raw;
    this.corrected = corrected;
    this.moved = moved;
  }

  /**
   * Solves for the weights.
   *
   * @param found the domains that the units are of
   * @param trace of the units' affinity
   * @param lambda λ
   * @param noisy the system without noise; null where none is known
   */
  ManyDomains.Found solved(
      ManyDomains.Listed found,
      UnitParts units,
      MixtureConfig config,
      double trace,
      double lambda,
      NoisySystem noisy) {
    LeverageScores plain = LeverageScores.ofRaw(raw, lambda);
    LeverageScores sureScores =
        noisy == null ? plain : LeverageScores.ofRaw(corrected, noisy.lambda());
    LeverageScores chosen = config.debias() ? sureScores : plain;
    Reuse reuse = Reuse.of(unitNames, config);
    Weights exact = Weights.of(config.entering(chosen), config);
    Weights sure = Weights.of(config.entering(sureScores), config);
    OwnVariance.All variances = new OwnVariance(sureScores, sure, reuse, config).of(moved);
    return new ManyDomains.Found(
        joined(found, units, config, trace, chosen, exact, exact.with(reuse)),
        new SamplingNoise(
            sureScores, sure.with(reuse), noise, variances.values(), variances.freedom()),
        null);
  }

  /** Puts domains and units together. */
  private Solved joined(
      ManyDomains.Listed found,
      UnitParts units,
      MixtureConfig config,
      double trace,
      LeverageScores scores,
      Weights exact,
      Weights ofUnits) {
    // A family may have the name of a domain that is not in it.
    Map<String, Integer> unitOf = new HashMap<>();
    Map<String, Double> shareOf = new HashMap<>();
    String[] families = new String[unitNames.size()];
    boolean[] isFamily = new boolean[unitNames.size()];
    for (int at : familyAt) {
      isFamily[at] = true;
    }
    for (int i = 0; i < isFamily.length; i++) {
      if (!isFamily[i]) {
        unitOf.put(unitNames.get(i), i);
      }
    }
    for (int f = 0; f < familyAt.length; f++) {
      Units.Unit family = units.families().get(f);
      int at = familyAt[f];
      families[at] = family.isFamily() ? family.name() : null;
      double[] shares = Units.shares(family, config);
      for (int i = 0; i < shares.length; i++) {
        unitOf.put(family.domains().get(i).domain(), at);
        shareOf.put(family.domains().get(i).domain(), shares[i]);
      }
    }
    List<String> names = found.names();
    int[] unit = names.stream().mapToInt(unitOf::get).toArray();
    long[] unitSamples = new long[unitNames.size()];
    for (int i = 0; i < unit.length; i++) {
      unitSamples[unit[i]] += found.samples().get(i);
    }
    return new Solved(
        names,
        found.samples().stream().mapToLong(Long::longValue).toArray(),
        unit,
        unitNames,
        families,
        unitSamples,
        units.parts().width(),
        trace,
        scores,
        exact,
        ofUnits,
        names.stream().mapToDouble(name -> shareOf.getOrDefault(name, 1.0)).toArray());
  }
}
