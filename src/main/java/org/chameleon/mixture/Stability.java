package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.sampling.Draws;

/**
 * How sure the weights are, given the windows that were drawn: a percentile bootstrap over the
 * groups of samples of each domain.
 */
final class Stability {
  private static final int MOST_REPLICATES = 200;
  private static final int FEWEST_REPLICATES = 40;

  /** Domains times replicates: a replicate costs O(k³). */
  private static final int WORK = 20_000;

  private static final double TAIL = 0.025;

  private Stability() {}

  /** 95 % intervals, one end per domain in each array. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  record Intervals(double[] low, double[] high) {}

  /**
   * Returns the intervals; they always contain {@code weights}. A domain's draws depend on the seed
   * and its name, not on what other domains there are.
   */
  static Intervals of(
      List<DomainEmbedding> domains, double[] weights, long seed, MixtureConfig config) {
    int k = domains.size();
    int count = Math.max(FEWEST_REPLICATES, Math.min(MOST_REPLICATES, WORK / k));
    double[][] replicates = new double[k][count];
    for (int r = 0; r < count; r++) {
      List<double[]> means = new ArrayList<>();
      for (DomainEmbedding domain : domains) {
        means.add(resampled(domain, seed, r));
      }
      DenseMatrix affinity = Affinity.of(means);
      LeverageScores scores = LeverageScores.of(affinity, config.lambda(affinity));
      double[] replicate = Weights.of(config.entering(scores), config).values();
      for (int i = 0; i < k; i++) {
        replicates[i][r] = replicate[i];
      }
    }
    double[] low = new double[k];
    double[] high = new double[k];
    for (int i = 0; i < k; i++) {
      Arrays.sort(replicates[i]);
      low[i] = Math.min(weights[i], replicates[i][(int) (TAIL * count)]);
      high[i] = Math.max(weights[i], replicates[i][(int) Math.ceil((1 - TAIL) * count) - 1]);
    }
    return new Intervals(low, high);
  }

  /** Returns the mean of groups drawn with replacement. */
  private static double[] resampled(DomainEmbedding domain, long seed, int replicate) {
    List<double[]> groups = domain.groups();
    if (groups.size() < 2) {
      return domain.mean();
    }
    long domainSeed = Draws.seed(seed, "stability", domain.domain());
    SplittableRandom random = new SplittableRandom(Draws.mix(domainSeed + replicate));
    double[] mean = new double[domain.mean().length];
    for (int g = 0; g < groups.size(); g++) {
      double[] group = groups.get(random.nextInt(groups.size()));
      for (int j = 0; j < mean.length; j++) {
        mean[j] += group[j] / groups.size();
      }
    }
    return mean;
  }
}
