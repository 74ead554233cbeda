package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.chameleon.sampling.Draws;

/** Mixtures spread around a prior, for a law of losses to be fitted to. */
public final class DirichletMixtures {
  /** Least concentration for each domain: shares tend to the corners. */
  private static final double LEAST = 0.5;

  /** Largest concentration for each domain: shares are near the prior. */
  private static final double MOST = 4;

  private DirichletMixtures() {}

  /**
   * Draws mixtures from Dirichlet distributions whose mean is the prior; the first is the prior
   * itself. A larger draw is another one.
   *
   * <p>With concentration s a share p varies by {@code p (1 - p) / (s + 1)}: one s alone puts all
   * mixtures at about one distance from the prior. A law must hold near the prior, where the
   * minimum is looked for, and must have seen each domain almost absent and almost alone, which
   * shows what it brings. So s is spread evenly over the logarithms from k/2 to 4k, around s = k,
   * which with equal shares draws every mixture with the same chance.
   *
   * @param prior shares by domain, not negative, of any positive sum; a share of 0 stays 0
   * @param count number of mixtures
   */
  public static List<SortedMap<String, Double>> around(
      SortedMap<String, Double> prior, int count, long seed) {
    List<SortedMap<String, Double>> mixtures = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      double rank = count > 2 ? Math.max(0, n - 1.0) / (count - 2) : 0.5;
      double concentration = prior.size() * LEAST * Math.pow(MOST / LEAST, rank);
      long own = Draws.seed(seed, "mixture", String.valueOf(n));
      mixtures.add(n == 0 ? scaled(prior) : drawn(scaled(prior), concentration, own));
    }
    return mixtures;
  }

  /** Returns gamma-distributed numbers over their sum. */
  private static SortedMap<String, Double> drawn(
      SortedMap<String, Double> prior, double concentration, long seed) {
    RandomGenerator random = new Well19937c(seed);
    SortedMap<String, Double> drawn = new TreeMap<>();
    prior.forEach(
        (domain, share) ->
            drawn.put(
                domain,
                share > 0
                    ? new GammaDistribution(random, concentration * share, 1).sample()
                    : 0.0));
    // With tiny concentrations all of them may be too small for a double.
    return sum(drawn) > 0 ? scaled(drawn) : prior;
  }

  private static SortedMap<String, Double> scaled(SortedMap<String, Double> shares) {
    double sum = sum(shares);
    SortedMap<String, Double> scaled = new TreeMap<>();
    shares.forEach((domain, share) -> scaled.put(domain, share / sum));
    return scaled;
  }

  private static double sum(SortedMap<String, Double> shares) {
    return shares.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
