package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;

class IntervalsTest extends MixtureFixture {
  private static final MixtureConfig FINETUNE =
      config(Objective.FINETUNE, 0.29, Scale.RELATIVE, Optional.empty());

  /** Returns domains around given centres, of 16 groups of so many windows each. */
  private static DomainEmbeddings drawn(double[][] centers, double noise, int windows, long seed) {
    Random random = new Random(seed);
    List<DomainEmbedding> domains = new ArrayList<>();
    for (int i = 0; i < centers.length; i++) {
      double[] center = centers[i];
      List<DomainEmbedding.Group> groups = new ArrayList<>();
      double[] mean = new double[center.length];
      for (int g = 0; g < 16; g++) {
        double[] group =
            Arrays.stream(center)
                .map(x -> x + noise / Math.sqrt(windows) * random.nextGaussian())
                .toArray();
        Arrays.setAll(mean, j -> mean[j] + group[j] / 16);
        groups.add(new DomainEmbedding.Group(windows, group));
      }
      domains.add(new DomainEmbedding("d%03d".formatted(i), 16L * windows, mean, groups));
    }
    return new DomainEmbeddings(domains);
  }

  private static double[][] centers(int k, int width, long seed) {
    return random(k, width, seed).domains().stream()
        .map(DomainEmbedding::mean)
        .toArray(double[][]::new);
  }

  /** The same by hand: every replicate from its own K, solved anew. */
  @Test
  void theVarianceIsThatOfWeightsWithAGroupLeftOut() {
    List<DomainEmbedding> domains = drawn(centers(5, 4, 1), 0.5, 4, 2).domains();
    MixtureConfig config = config(Objective.PRETRAIN, 3, Scale.ABSOLUTE, Optional.of(4.0));
    SamplingNoise all = SamplingNoise.of(units(domains), config);
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      List<DomainEmbedding> alone = new ArrayList<>();
      domains.forEach(domain -> alone.add(withoutGroups(domain)));
      alone.set(i, domains.get(i));
      double[] noise = new double[5];
      noise[i] = all.noise()[i];
      double expected = varianceAlone(alone, i, noise, config);
      assertThat(SamplingNoise.of(units(alone), config).variance(2)).isCloseTo(expected, CLOSE);
      sum += expected;
    }
    // Noise of the others is in the corrected K too: about the sum.
    assertThat(all.variance(2)).isCloseTo(sum, within(0.2 * sum));
  }

  private static List<Units.Unit> units(List<DomainEmbedding> domains) {
    return Units.of(new DomainEmbeddings(domains), Map.of(), FINETUNE).all();
  }

  private static DomainEmbedding withoutGroups(DomainEmbedding domain) {
    return new DomainEmbedding(domain.domain(), domain.samples(), domain.mean(), List.of());
  }

  private static double varianceAlone(
      List<DomainEmbedding> domains, int one, double[] noise, MixtureConfig config) {
    double[] values = new double[16];
    for (int g = 0; g < 16; g++) {
      List<double[]> means = new ArrayList<>(domains.stream().map(DomainEmbedding::mean).toList());
      double[] without = means.get(one).clone();
      double[] group = domains.get(one).groups().get(g).mean();
      Arrays.setAll(without, j -> (16 * without[j] - group[j]) / 15);
      means.set(one, without);
      double[] more = noise.clone();
      more[one] *= 16.0 / 15;
      values[g] = Math.log(computed(less(Affinity.of(means), more), config).weights().values()[2]);
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(value -> 15.0 / 16 * Math.pow(value - mean, 2)).sum();
  }

  /** Returns K - H diag(V) H. */
  private static DenseMatrix less(DenseMatrix affinity, double[] noise) {
    int k = noise.length;
    double[][] rows = Affinity.rows(affinity);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        for (int m = 0; m < k; m++) {
          double left = (i == m ? 1 : 0) - 1.0 / k;
          double right = (j == m ? 1 : 0) - 1.0 / k;
          rows[i][j] -= left * noise[m] * right;
        }
      }
    }
    return matrix(rows);
  }

  @Test
  void noiseIsTakenOutOfTheWeightsWhereThatIsAskedFor() {
    double[][] centers = uneven(centers(7, 400, 3));
    double truth = computed(Affinity.of(List.of(centers)), FINETUNE).weights().values()[0];
    MixtureConfig debiasing =
        new MixtureConfig(
            Objective.FINETUNE,
            0.29,
            Scale.RELATIVE,
            Optional.empty(),
            Scale.RELATIVE,
            true,
            Optional.empty(),
            Optional.empty(),
            WordOrLists.of("none"),
            WithinFamilies.TOKENS,
            true,
            Map.of(),
            List.of());
    double biased = 0;
    double debiased = 0;
    for (int seed = 0; seed < 20; seed++) {
      DomainEmbeddings embeddings = drawn(centers, 4, 1, seed);
      Mixture mixture = Mixture.of(embeddings, Map.of(), FINETUNE);
      Mixture without = Mixture.of(embeddings, Map.of(), debiasing);
      for (int i = 0; i < 7; i++) {
        assertThat(without.domains().get(i).weight())
            .isEqualTo(mixture.domains().get(i).weightDebiased());
      }
      biased += mixture.domains().get(0).weight() / 20;
      debiased += without.domains().get(0).weight() / 20;
      assertThat(without.warnings()).extracting(Warning::code).doesNotContain("TOO_FEW_WINDOWS");
    }
    assertThat(Math.abs(debiased - truth)).isLessThan(Math.abs(biased - truth) / 4);
  }

  /** Moves one domain away from all others. */
  private static double[][] uneven(double[][] centers) {
    double[][] moved = Arrays.stream(centers).map(double[]::clone).toArray(double[][]::new);
    Arrays.setAll(moved[0], j -> 2.5 * moved[0][j]);
    return moved;
  }

  @Test
  void aWeightOutsideItsIntervalIsSaidToNeedMoreWindows() {
    DomainEmbeddings few = drawn(uneven(centers(7, 400, 3)), 4, 1, 1);
    Mixture mixture = Mixture.of(few, Map.of(), FINETUNE);
    assertThat(mixture.domains())
        .anyMatch(d -> d.weight() < d.weightLow() || d.weight() > d.weightHigh());
    Warning warning =
        mixture.warnings().stream()
            .filter(w -> w.code().equals("TOO_FEW_WINDOWS"))
            .findFirst()
            .orElseThrow();
    assertThat(warning.message()).containsPattern("About [0-9,]+ windows a domain would do");
    DomainEmbeddings many = drawn(uneven(centers(7, 400, 3)), 4, 2000, 1);
    assertThat(Mixture.of(many, Map.of(), FINETUNE).warnings())
        .extracting(Warning::code)
        .doesNotContain("TOO_FEW_WINDOWS", "NOT_RESOLVED");
  }

  @Test
  void aDomainOfOneVectorHasNoInterval() {
    List<DomainEmbedding> domains = new ArrayList<>(drawn(centers(4, 3, 5), 0.1, 8, 2).domains());
    double[] one = {3, 2, 1};
    domains.set(1, new DomainEmbedding("d001", 1, one, List.of(new DomainEmbedding.Group(1, one))));
    Mixture mixture = Mixture.of(new DomainEmbeddings(domains), Map.of(), FINETUNE);
    assertThat(mixture.domains().get(1).weightLow()).isNull();
    assertThat(mixture.domains().get(1).weightHigh()).isNull();
    assertThat(mixture.domains().get(0).weightLow()).isNotNull();
    assertThat(mixture.rankSwaps()[0][1]).isNull();
    assertThat(mixture.rankSwaps()[0][2]).isBetween(0.0, 1.0);
  }

  @Test
  void orderIsSureWhereDomainsAreFarApartAndOpenWhereTheyAreAlike() {
    double[][] line = {{-8, 0}, {-1, 0.5}, {1, -0.5}, {0.2, 0}, {8, 0.1}};
    Mixture mixture = Mixture.of(drawn(line, 1, 8, 4), Map.of(), FINETUNE);
    Double[][] swaps = mixture.rankSwaps();
    assertThat(swaps[0][3]).isLessThan(1e-6);
    assertThat(swaps[1][2]).isGreaterThan(0.05);
    for (int i = 0; i < 5; i++) {
      assertThat(swaps[i][i]).isEqualTo(0.5);
      for (int j = 0; j < 5; j++) {
        assertThat(swaps[i][j]).isCloseTo(swaps[j][i], within(1e-12));
      }
    }
    assertThat(mixture.widest().moreWindows()).isEqualTo(3 * 16 * 8);
    double width = mixture.widest().width();
    assertThat(mixture.domains()).allMatch(d -> d.weightHigh() - d.weightLow() <= width);
  }

  @Test
  void whereNoiseIsMoreThanAllElseNothingIsKnown() {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.empty());
    for (double noise : new double[] {1, 3, 10, 1000}) {
      Mixture mixture = Mixture.of(noisy(noise), Map.of(), config);
      for (Double[] row : mixture.rankSwaps()) {
        assertThat(row).allMatch(chance -> chance >= 0 && chance <= 1);
      }
      for (Mixture.Domain domain : mixture.domains()) {
        assertThat(domain.weightLow()).isBetween(0.0, domain.weight());
        assertThat(domain.weightHigh()).isBetween(domain.weight(), 1.0);
      }
      assertThat(mixture.rankSwaps()[0][1]).isEqualTo(0.5);
    }
  }

  @Test
  void aRotationAndACommonShiftChangeNothing() {
    DomainEmbeddings embeddings = drawn(centers(6, 2, 7), 0.3, 4, 5);
    List<Double> before = ends(embeddings);
    double cos = Math.cos(1);
    double sin = Math.sin(1);
    UnaryOperator<double[]> moved =
        x -> new double[] {cos * x[0] - sin * x[1] + 3, sin * x[0] + cos * x[1] - 7};
    DomainEmbeddings after =
        new DomainEmbeddings(
            embeddings.domains().stream()
                .map(
                    d ->
                        new DomainEmbedding(
                            d.domain(),
                            d.samples(),
                            moved.apply(d.mean()),
                            d.groups().stream()
                                .map(
                                    g ->
                                        new DomainEmbedding.Group(
                                            g.samples(), moved.apply(g.mean())))
                                .toList()))
                .toList());
    List<Double> found = ends(after);
    for (int i = 0; i < before.size(); i++) {
      assertThat(found.get(i)).isCloseTo(before.get(i), CLOSE);
    }
  }

  @Test
  void oneDomainAtTheCentreDoesNotFlattenTheOthers() {
    double[][] centers = centers(20, 12, 9);
    double[] middle = new double[12];
    for (int i = 0; i < 19; i++) {
      double[] center = centers[i];
      Arrays.setAll(middle, j -> middle[j] + center[j] / 19);
    }
    centers[19] = middle;
    List<DomainEmbedding> domains = drawn(centers, 1e-3, 100, 3).domains();
    MixtureConfig open = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    MixtureConfig floored =
        new MixtureConfig(
            Objective.PRETRAIN,
            0.29,
            Scale.RELATIVE,
            Optional.empty(),
            Scale.RELATIVE,
            true,
            Optional.of(4.0),
            Optional.of(0.25),
            WordOrLists.of("none"),
            WithinFamilies.TOKENS,
            false,
            Map.of(),
            List.of());
    assertThat(ratioOfOthers(Mixture.of(new DomainEmbeddings(domains), Map.of(), open)))
        .isLessThan(1.2);
    Mixture mixture = Mixture.of(new DomainEmbeddings(domains), Map.of(), floored);
    double left = ratioOfOthers(mixture);
    assertThat(left).isGreaterThan(1.3);
    assertThat(mixture.scoreFloor()).isEqualTo(0.25);
    assertThat(mixture.warnings())
        .filteredOn(warning -> warning.code().equals("CENTRAL_DOMAIN"))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.domains()).containsExactly("d019");
              assertThat(warning.message())
                  .contains("0.25 of the median")
                  .contains("within %.3g times of one another".formatted(left));
            });
  }

  private static double ratioOfOthers(Mixture mixture) {
    double[] others =
        mixture.domains().stream().limit(19).mapToDouble(Mixture.Domain::weight).toArray();
    return Arrays.stream(others).max().orElseThrow() / Arrays.stream(others).min().orElseThrow();
  }

  @Test
  void strengthsOfLambdaThatSayNothingAreWarnedOf() {
    DomainEmbeddings embeddings = drawn(centers(6, 9, 2), 1e-3, 100, 3);
    for (Map.Entry<Double, String> lambda :
        Map.of(1000.0, "LAMBDA_TOO_STRONG", 1e-4, "LAMBDA_TOO_WEAK").entrySet()) {
      MixtureConfig config =
          config(Objective.FINETUNE, lambda.getKey(), Scale.RELATIVE, Optional.empty());
      assertThat(Mixture.of(embeddings, Map.of(), config).warnings())
          .extracting(Warning::code)
          .contains(lambda.getValue());
    }
    assertThat(Mixture.of(embeddings, Map.of(), FINETUNE).warnings()).isEmpty();
  }

  @Test
  void moreThanHalfOfAllTokensAndFewerSamplesThanAskedForAreWarnedOf() {
    double[][] line = {{-9, 0}, {0.001, 0}, {4, 4}, {5, -4}};
    Mixture mixture =
        Mixture.of(drawn(line, 1e-4, 2, 1), Map.of(), paper(Objective.PRETRAIN, 10))
            .withSampleWarnings(64);
    assertThat(mixture.warnings())
        .extracting(Warning::code)
        .contains("DOMINANT_DOMAIN", "FEWER_SAMPLES");
    assertThat(mixture.withSampleWarnings(32).warnings()).hasSameSizeAs(mixture.warnings());
  }
}
