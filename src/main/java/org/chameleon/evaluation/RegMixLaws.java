package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * Laws fitted to small models' losses on many mixtures: one for each loss that was measured.
 *
 * <p>How well they predict is measured on runs that they were not fitted to, tenth by tenth of all
 * runs. Where the {@linkplain #rankCorrelation rank correlation} is below {@link #GOOD}, the
 * minimum of the laws says little.
 */
public final class RegMixLaws {
  /** Rank correlation below which the laws fit badly. */
  public static final double GOOD = 0.8;

  private static final int FOLDS = 10;

  private final List<String> domains;
  private final List<LogLinearLaw> laws;
  private final double rankCorrelation;
  private final double residual;

  private RegMixLaws(
      List<String> domains, List<LogLinearLaw> laws, double rankCorrelation, double residual) {
    this.domains = domains;
    this.laws = laws;
    this.rankCorrelation = rankCorrelation;
    this.residual = residual;
  }

  /**
   * Fits laws.
   *
   * @param mixtures shares of training tokens by domain, two or more, all of the same domains
   * @param losses of each mixture's model in bits per byte, by name: of every domain, or of one
   *     target alone
   */
  public static RegMixLaws fit(
      List<SortedMap<String, Double>> mixtures, List<SortedMap<String, Double>> losses) {
    List<String> domains = List.copyOf(mixtures.get(0).keySet());
    double[][] shares = mixtures.stream().map(RegMixLaws::values).toArray(double[][]::new);
    int n = shares.length;
    double[] actual = new double[n];
    double[] predicted = new double[n];
    List<LogLinearLaw> laws = new ArrayList<>();
    for (String name : losses.get(0).keySet()) {
      double[] own = losses.stream().mapToDouble(loss -> loss.get(name)).toArray();
      LogLinearLaw law = LawFit.fit(shares, own);
      double[] unseen = unseen(law, shares, own);
      Arrays.setAll(actual, i -> actual[i] + own[i] / losses.get(0).size());
      Arrays.setAll(predicted, i -> predicted[i] + unseen[i] / losses.get(0).size());
      laws.add(law);
    }
    double squares =
        IntStream.range(0, n).mapToDouble(i -> Math.pow(actual[i] - predicted[i], 2)).sum();
    return new RegMixLaws(
        domains,
        laws,
        new SpearmansCorrelation().correlation(actual, predicted),
        Math.sqrt(squares / n));
  }

  /** Returns what laws that were fitted without a run say of it. */
  private static double[] unseen(LogLinearLaw law, double[][] shares, double[] losses) {
    int n = losses.length;
    double[] predicted = new double[n];
    for (int fold = 0; fold < Math.min(FOLDS, n); fold++) {
      int left = fold;
      int[] kept = IntStream.range(0, n).filter(i -> i % FOLDS != left).toArray();
      double[][] others = Arrays.stream(kept).mapToObj(i -> shares[i]).toArray(double[][]::new);
      double[] theirs = Arrays.stream(kept).mapToDouble(i -> losses[i]).toArray();
      LogLinearLaw without = LawFit.fitNear(law, others, theirs);
      for (int i = fold; i < n; i += FOLDS) {
        predicted[i] = without.loss(shares[i]);
      }
    }
    return predicted;
  }

  /**
   * Returns the mixture for which the mean of the laws is lowest.
   *
   * @param prior shares by domain that the mixture is drawn to, of any sum; a share of 0 stays 0
   * @param most largest share of each domain; without a limit where one is not named
   * @param strength of the pull to the prior: what a relative entropy of 1 nat to it costs, in bits
   *     per byte
   * @throws org.chameleon.config.InvalidInputException if the largest shares do not reach 1
   *     together
   */
  public SortedMap<String, Double> minimum(
      SortedMap<String, Double> prior, Map<String, Double> most, double strength) {
    double total = prior.values().stream().mapToDouble(Double::doubleValue).sum();
    double[] towards = domains.stream().mapToDouble(d -> prior.get(d) / total).toArray();
    double[] caps = domains.stream().mapToDouble(d -> most.getOrDefault(d, 1.0)).toArray();
    double[] found = LawMinimum.of(laws, towards, caps, strength);
    SortedMap<String, Double> shares = new TreeMap<>();
    IntStream.range(0, found.length).forEach(j -> shares.put(domains.get(j), found[j]));
    return Collections.unmodifiableSortedMap(shares);
  }

  /** Returns the mean of the losses that the laws predict for a mixture of the same domains. */
  public double loss(SortedMap<String, Double> mixture) {
    double[] shares = values(mixture);
    return laws.stream().mapToDouble(law -> law.loss(shares)).average().orElseThrow();
  }

  /**
   * Returns Spearman's correlation of the mean losses of runs with what laws fitted without them
   * say; NaN where all are the same.
   */
  public double rankCorrelation() {
    return rankCorrelation;
  }

  /** Returns the root mean square of what these predictions miss by, in bits per byte. */
  public double residual() {
    return residual;
  }

  private static double[] values(SortedMap<String, Double> shares) {
    return shares.values().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
