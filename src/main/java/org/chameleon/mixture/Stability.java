package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.chameleon.embedding.DomainEmbedding;

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

  /** Returns the intervals; they always contain {@code weights}. */
  static Intervals of(List<DomainEmbedding> domains, double[] weights, MixtureConfig config) {
    int k = domains.size();
    int count = Math.max(FEWEST_REPLICATES, Math.min(MOST_REPLICATES, WORK / k));
    double[][] replicates = new double[k][count];
    for (int r = 0; r < count; r++) {
      List<double[]> means = new ArrayList<>();
      for (DomainEmbedding domain : domains) {
        means.add(resampled(domain, r));
      }
      double[] replicate = Weights.of(Affinity.of(means), config).weights();
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

  /** Returns the mean of groups drawn with replacement; the choice depends on the name alone. */
  private static double[] resampled(DomainEmbedding domain, int replicate) {
    List<double[]> groups = domain.groups();
    if (groups.size() < 2) {
      return domain.mean();
    }
    long seed = domain.domain().hashCode() * 1_000_003L + replicate;
    SplittableRandom random = new SplittableRandom(seed);
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
