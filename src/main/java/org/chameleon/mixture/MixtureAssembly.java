package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Puts together what a mixture says, however it was solved. */
final class MixtureAssembly {
  private MixtureAssembly() {}

  static Mixture of(
      Solved solved,
      MixtureConfig config,
      List<Mixture.Domain> domains,
      double[][] affinity,
      Double[][] swaps,
      Sensitivity sensitivity,
      List<Warning> warnings) {
    return new Mixture(
        Mixture.SCHEMA_VERSION,
        config.objective().toString(),
        config.lambda(),
        config.lambdaMode().toString(),
        config.baseTemperature(),
        config.temperatureMode().toString(),
        config.maxRatio().orElse(null),
        config.scoreFloor().orElse(null),
        config.debias(),
        solved.scores().lambda(),
        solved.ofUnits().temperature(),
        config.normalizeScores(),
        domains,
        affinity,
        solved.scores().effectiveDimension(),
        solved.trace() / solved.units().size(),
        swaps,
        widest(domains),
        sensitivity,
        warnings);
  }

  static List<Mixture.Domain> domains(
      Solved solved,
      Map<String, Long> tokens,
      MixtureConfig config,
      Intervals intervals,
      Neighbours neighbours) {
    double[] weights = solved.weights();
    double[] entering = config.entering(solved.scores());
    Reuse reuse = Reuse.of(solved.units(), config);
    boolean reuses = reuse.isAny();
    double total = tokens.values().stream().mapToDouble(Long::doubleValue).sum();
    List<Mixture.Domain> domains = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      String name = solved.names().get(i);
      int unit = solved.unit()[i];
      domains.add(
          new Mixture.Domain(
              name,
              weights[i],
              entering[unit],
              solved.scores().raw()[unit],
              solved.samples()[i],
              1.0 / weights.length,
              tokens.containsKey(name) ? (Double) (tokens.get(name) / total) : null,
              intervals.low(i),
              intervals.high(i),
              intervals.corrected(i),
              solved.families()[unit],
              solved.shares()[i],
              reuse.keeps(unit) ? (Double) reuse.proportions()[unit] : null,
              reuses ? (Double) solved.exact().values()[unit] : null,
              neighbours == null ? null : neighbours.of(i, solved.names())));
    }
    return domains;
  }

  /** Four times the windows halve what they leave unknown. */
  private static Mixture.Widest widest(List<Mixture.Domain> domains) {
    return domains.stream()
        .filter(domain -> domain.weightLow() != null)
        .map(
            domain ->
                new Mixture.Widest(
                    domain.name(), domain.weightHigh() - domain.weightLow(), 3 * domain.samples()))
        .max(Comparator.comparingDouble(Mixture.Widest::width))
        .orElse(null);
  }
}
