package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often the intervals hold the weights of the populations that windows were drawn from. Windows
 * of a document are alike: half of their variance is their document's.
 */
class CoverageTest extends MixtureFixture {
  private static final int WIDTH = 16;

  /** Variance of a window over the mean squared distance of domains to their centre, about. */
  private static final double WITHIN = 4;

  private static final int GROUPS = 16;
  private static final int REPETITIONS = 500;

  @ParameterizedTest
  @CsvSource({"7, 64", "7, 256", "7, 2048", "20, 64", "20, 256", "20, 2048"})
  void intervalsHoldTheWeightsOfThePopulation(int k, int windows) {
    List<MixtureConfig> configs = new ArrayList<>();
    for (Objective objective : Objective.values()) {
      configs.add(config(objective, 0.29, Scale.RELATIVE, Optional.empty()));
      configs.add(config(objective, 0.29, Scale.RELATIVE, Optional.of(4.0)));
    }
    double[] coverage = coverage(k, windows, configs);
    for (int c = 0; c < coverage.length; c++) {
      // 1/S bends much where scores are small, and a ratio hangs on the two outermost domains.
      boolean bent = configs.get(c).objective() == Objective.PRETRAIN;
      assertThat(coverage[c])
          .as("%d domains, %d windows, %s", k, windows, configs.get(c))
          .isBetween(bent ? 0.92 : 0.94, bent ? 0.985 : 0.965);
    }
  }

  private static double[] coverage(int k, int windows, List<MixtureConfig> configs) {
    Random random = new Random(11L * k + windows);
    List<double[]> population = new ArrayList<>();
    double[] deviation = new double[k];
    for (int i = 0; i < k; i++) {
      double far = 0.6 + random.nextDouble();
      population.add(gaussian(random, far / Math.sqrt(WIDTH)));
      deviation[i] = Math.sqrt(WITHIN / WIDTH) * (0.7 + 0.7 * random.nextDouble());
    }
    long[] held = new long[configs.size()];
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      List<DomainEmbedding> domains = new ArrayList<>();
      for (int i = 0; i < k; i++) {
        domains.add(drawn("d%03d".formatted(i), population.get(i), deviation[i], windows, random));
      }
      for (int c = 0; c < held.length; c++) {
        held[c] += held(domains, population, configs.get(c));
      }
    }
    return Arrays.stream(held).mapToDouble(count -> (double) count / REPETITIONS / k).toArray();
  }

  private static long held(
      List<DomainEmbedding> domains, List<double[]> population, MixtureConfig config) {
    double[] truth = computed(Affinity.of(population), config).weights().values();
    List<Mixture.Domain> found =
        Mixture.of(new DomainEmbeddings(domains), Map.of(), config).domains();
    return IntStream.range(0, truth.length)
        .filter(i -> found.get(i).weightLow() <= truth[i] && truth[i] <= found.get(i).weightHigh())
        .count();
  }

  private static double[] gaussian(Random random, double deviation) {
    return random.doubles(WIDTH).map(x -> deviation * random.nextGaussian()).toArray();
  }

  private static DomainEmbedding drawn(
      String name, double[] center, double deviation, int windows, Random random) {
    int ofDocument = Math.max(2, windows / 64);
    double[][] sums = new double[GROUPS][WIDTH];
    long[] counts = new long[GROUPS];
    for (int document = 0; document < windows / ofDocument; document++) {
      int group = random.nextInt(GROUPS);
      counts[group] += ofDocument;
      double ofSum = deviation * Math.sqrt(ofDocument * ofDocument / 2.0 + ofDocument / 2.0);
      for (int j = 0; j < WIDTH; j++) {
        sums[group][j] += ofDocument * center[j] + ofSum * random.nextGaussian();
      }
    }
    List<DomainEmbedding.Group> groups = new ArrayList<>();
    double[] mean = new double[WIDTH];
    for (int g = 0; g < GROUPS; g++) {
      if (counts[g] > 0) {
        double[] of = new double[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
          of[j] = sums[g][j] / counts[g];
          mean[j] += sums[g][j] / (windows / ofDocument * ofDocument);
        }
        groups.add(new DomainEmbedding.Group(counts[g], of));
      }
    }
    return new DomainEmbedding(name, windows, mean, groups);
  }
}
