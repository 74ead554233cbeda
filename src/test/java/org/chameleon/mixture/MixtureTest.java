package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.assertj.core.data.Offset;
import org.chameleon.Reference;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureTest {
  private static final Offset<Double> CLOSE = within(1e-10);
  private static final long SEED = 17;

  private record Computed(LeverageScores scores, Weights weights) {}

  private static Computed computed(DenseMatrix affinity, MixtureConfig config) {
    LeverageScores scores = LeverageScores.of(affinity, config.lambda(affinity));
    return new Computed(scores, Weights.of(config.entering(scores), config));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gpt2-odd"})
  void scoresAndWeightsAreThoseOfTheReference(String model) {
    JsonNode golden = Reference.json(model + ".golden.json");
    List<double[]> means = List.of(Reference.matrix(golden.get("means")));
    Computed pretrain = computed(Affinity.of(means), paper(Objective.PRETRAIN, 10));
    assertClose(pretrain.scores().raw(), golden.get("rawScores"));
    assertClose(pretrain.scores().normalized(), golden.get("scores"));
    assertClose(pretrain.weights().values(), golden.get("pretrain"));
    Computed finetune = computed(Affinity.of(means), paper(Objective.FINETUNE, 10));
    assertClose(finetune.weights().values(), golden.get("finetune"));
    for (int lambda : new int[] {1, 100}) {
      JsonNode other = golden.get("lambda" + lambda);
      Computed weights = computed(Affinity.of(means), paper(Objective.PRETRAIN, lambda));
      assertClose(weights.scores().normalized(), other.get("scores"));
      assertClose(weights.weights().values(), other.get("pretrain"));
    }
  }

  @Test
  void thePapersOwnMatrixGivesTheReleasedCodesWeights() {
    JsonNode golden = Reference.json("figure.golden.json");
    DenseMatrix affinity = matrix(Reference.matrix(golden.get("affinity")));
    Computed pretrain = computed(affinity, paper(Objective.PRETRAIN, 10));
    assertClose(pretrain.scores().raw(), golden.get("rawScores"));
    assertClose(pretrain.scores().normalized(), golden.get("scores"));
    assertClose(pretrain.weights().values(), golden.get("pretrain"));
    assertClose(
        computed(affinity, paper(Objective.FINETUNE, 10)).weights().values(),
        golden.get("finetune"));
    double[] weights = pretrain.weights().values();
    double ratio =
        Arrays.stream(weights).max().orElseThrow() / Arrays.stream(weights).min().orElseThrow();
    assertThat(ratio).isCloseTo(4.0, within(0.05));
  }

  @Test
  void scoresAreTheDiagonalOfTheFormula() {
    // K = [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]], λk = 3: K has eigenvalues 0, 3, 3, so every
    // score is (0/3 + 3/6 + 3/6) / 3 = 1/3.
    DenseMatrix affinity = matrix(new double[][] {{2, -1, -1}, {-1, 2, -1}, {-1, -1, 2}});
    double[] expected = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    assertThat(LeverageScores.of(affinity, 1).raw()).containsExactly(expected, within(1e-15));
  }

  @Test
  void affinityIsCentredTwice() {
    DenseMatrix affinity =
        Affinity.of(List.of(new double[] {1, 5}, new double[] {3, 5}, new double[] {5, 5}));
    assertThat(affinity.toArray()).containsExactly(4, 0, -4, 0, 0, 0, -4, 0, 4);
  }

  @Test
  void relativeLambdaIsFreeOfTheEmbeddingsScale() {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.empty());
    DomainEmbeddings small = random(9, 5, 1);
    DomainEmbeddings large = scaled(small, 1000);
    assertThat(weights(large, config)).containsExactly(weights(small, config), within(1e-9));
  }

  @Test
  void relativeTemperatureIsThePapersForSevenDomains() {
    assertThat(Objective.PRETRAIN.relativeTemperature(5, 7)).isEqualTo(5);
    assertThat(Objective.FINETUNE.relativeTemperature(0.2, 7)).isEqualTo(0.2);
    assertThat(Objective.PRETRAIN.relativeTemperature(5, 14)).isEqualTo(10);
    assertThat(Objective.FINETUNE.relativeTemperature(0.2, 14)).isEqualTo(0.1);
  }

  @Test
  void theTemperatureIsRaisedToKeepTheRatio() {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(3.0));
    Mixture mixture = Mixture.of(random(15, 4, 2), Map.of(), SEED, config);
    assertThat(mixture.ratio()).isCloseTo(3.0, within(1e-9));
    assertThat(mixture.warnings()).extracting(Warning::code).contains("TEMPERATURE_RAISED");
    assertThat(mixture.maxRatio()).isEqualTo(3.0);
    assertThat(mixture.temperature()).isEqualTo(5.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void permutingDomainsPermutesWeights(int seed) {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    List<DomainEmbedding> domains = new ArrayList<>(random(3 + seed, 6, seed).domains());
    double[] before = weights(new DomainEmbeddings(domains), config);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < domains.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    double[] after =
        weights(new DomainEmbeddings(order.stream().map(domains::get).toList()), config);
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isCloseTo(before[order.get(i)], within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 40, 300})
  void weightsArePositiveAndSumToOne(int k) {
    for (Objective objective : Objective.values()) {
      Mixture mixture =
          Mixture.of(
              random(k, 8, k),
              Map.of(),
              SEED,
              config(objective, 0.29, Scale.RELATIVE, Optional.of(4.0)));
      assertThat(mixture.domains()).allMatch(d -> d.weight() > 0);
      assertThat(mixture.domains().stream().mapToDouble(Mixture.Domain::weight).sum())
          .isCloseTo(1, within(1e-12));
      assertThat(mixture.domains())
          .allMatch(d -> d.weightLow() <= d.weight() && d.weight() <= d.weightHigh());
    }
  }

  @Test
  void softmaxDoesNotOverflow() {
    double[] weights = Weights.softmax(new double[] {1e12, 1e12 - 1, 3}, 1);
    assertThat(weights).containsExactly(new double[] {0.7310585786, 0.2689414214, 0}, CLOSE);
  }

  @Test
  void oneDomainHasWeightOne() {
    Mixture mixture = Mixture.of(random(1, 4, 1), Map.of(), SEED, paper(Objective.PRETRAIN, 10));
    assertThat(mixture.domains().get(0).weight()).isEqualTo(1.0);
    assertThat(mixture.warnings()).extracting(Warning::code).containsExactly("ONE_DOMAIN");
  }

  @Test
  void twoDomainsHaveOneHalfEachWhateverTheData() {
    for (Objective objective : Objective.values()) {
      Mixture mixture = Mixture.of(random(2, 4, 5), Map.of(), SEED, paper(objective, 10));
      assertThat(mixture.domains()).allMatch(d -> d.weight() == 0.5);
      assertThat(mixture.warnings()).extracting(Warning::code).containsExactly("TWO_DOMAINS");
    }
  }

  @Test
  void identicalDomainsGetUniformWeights() {
    List<DomainEmbedding> domains = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      domains.add(new DomainEmbedding(name, 3, new double[] {1, 2}, List.of()));
    }
    Mixture mixture =
        Mixture.of(new DomainEmbeddings(domains), Map.of(), SEED, paper(Objective.PRETRAIN, 10));
    assertThat(mixture.domains()).allMatch(d -> Math.abs(d.weight() - 1.0 / 3) < 1e-15);
    assertThat(mixture.warnings()).extracting(Warning::code).containsExactly("IDENTICAL_DOMAINS");
  }

  @Test
  void aFamilyOfNearDuplicatesIsReportedOnce() {
    List<DomainEmbedding> domains = new ArrayList<>(random(6, 6, 3).domains());
    domains.add(near(domains.get(1), "copy of d001"));
    domains.add(near(domains.get(1), "another of d001"));
    domains.add(near(domains.get(4), "copy of d004"));
    Mixture mixture =
        Mixture.of(new DomainEmbeddings(domains), Map.of(), SEED, paper(Objective.PRETRAIN, 1));
    assertThat(mixture.warnings())
        .filteredOn(warning -> warning.code().equals("NEAR_DUPLICATES"))
        .extracting(Warning::domains)
        .containsExactly(
            List.of("d001", "copy of d001", "another of d001"), List.of("d004", "copy of d004"));
  }

  private static DomainEmbedding near(DomainEmbedding domain, String name) {
    double[] mean = domain.mean().clone();
    mean[name.length() % mean.length] += 1e-3;
    return new DomainEmbedding(name, 10, mean, List.of());
  }

  @Test
  void aFamilyIsAChainOfNearPairs() {
    // Of 0, 6, 12, 40 and 80 on a line two are near that are less than 6.6 apart.
    assertThat(Families.of(affinity(80, 0, 12, 40, 6))).containsExactly(List.of(1, 2, 4));
    assertThat(Families.of(affinity(80, 0, 12, 40))).isEmpty();
  }

  private static DenseMatrix affinity(double... line) {
    return Affinity.of(Arrays.stream(line).mapToObj(x -> new double[] {x}).toList());
  }

  @Test
  void proportionalSharesComeFromTokens() {
    Mixture mixture =
        Mixture.of(
            random(3, 4, 1),
            Map.of("d000", 10L, "d001", 30L, "d002", 60L),
            SEED,
            paper(Objective.PRETRAIN, 10));
    assertThat(mixture.domains())
        .extracting(Mixture.Domain::proportional)
        .containsExactly(.1, .3, .6);
  }

  @Test
  void sizesOfOtherDomainsAreRefused() {
    assertThatThrownBy(
            () ->
                Mixture.of(
                    random(2, 4, 1), Map.of("other", 1L), SEED, paper(Objective.PRETRAIN, 10)))
        .hasMessage(
            "Cannot mix: the embeddings are of domains [d000, d001], the corpus has [other].");
  }

  @Test
  void intervalsNarrowWithMoreSamples() {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    assertThat(meanInterval(noisy(0.01), config)).isLessThan(meanInterval(noisy(0.3), config) / 3);
  }

  @Test
  void intervalsAreThoseOfTheRunsSeed() {
    List<Double> ends = ends(noisy(0.1), SEED);
    assertThat(ends(noisy(0.1), SEED)).isEqualTo(ends);
    assertThat(ends(noisy(0.1), SEED + 1)).isNotEqualTo(ends);
  }

  @Test
  void permutingDomainsPermutesIntervals() {
    List<DomainEmbedding> domains = new ArrayList<>(noisy(0.1).domains());
    List<Double> before = ends(new DomainEmbeddings(domains), SEED);
    Collections.reverse(domains);
    List<Double> after = ends(new DomainEmbeddings(domains), SEED);
    int k = domains.size();
    for (int i = 0; i < k; i++) {
      assertThat(after.get(2 * i)).isCloseTo(before.get(2 * (k - 1 - i)), within(1e-12));
      assertThat(after.get(2 * i + 1)).isCloseTo(before.get(2 * (k - 1 - i) + 1), within(1e-12));
    }
  }

  /** Returns the low and the high end of each domain's interval in turn. */
  private static List<Double> ends(DomainEmbeddings embeddings, long seed) {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    return Mixture.of(embeddings, Map.of(), seed, config).domains().stream()
        .flatMap(domain -> Stream.of(domain.weightLow(), domain.weightHigh()))
        .toList();
  }

  private static double meanInterval(DomainEmbeddings embeddings, MixtureConfig config) {
    return Mixture.of(embeddings, Map.of(), SEED, config).domains().stream()
        .mapToDouble(d -> d.weightHigh() - d.weightLow())
        .average()
        .orElseThrow();
  }

  private static DomainEmbeddings noisy(double noise) {
    List<DomainEmbedding> domains = new ArrayList<>();
    Random random = new Random(4);
    for (DomainEmbedding domain : random(6, 5, 9).domains()) {
      List<double[]> groups = new ArrayList<>();
      for (int g = 0; g < 16; g++) {
        groups.add(
            Arrays.stream(domain.mean()).map(x -> x + noise * random.nextGaussian()).toArray());
      }
      domains.add(new DomainEmbedding(domain.domain(), 16, domain.mean(), groups));
    }
    return new DomainEmbeddings(domains);
  }

  private static double[] weights(DomainEmbeddings embeddings, MixtureConfig config) {
    return Mixture.of(embeddings, Map.of(), SEED, config).domains().stream()
        .mapToDouble(Mixture.Domain::weight)
        .toArray();
  }

  private static DomainEmbeddings random(int k, int width, long seed) {
    Random random = new Random(seed);
    List<DomainEmbedding> domains = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      double[] mean = random.doubles(width, -1, 1).toArray();
      domains.add(new DomainEmbedding("d%03d".formatted(i), 10, mean, List.of()));
    }
    return new DomainEmbeddings(domains);
  }

  private static DomainEmbeddings scaled(DomainEmbeddings embeddings, double factor) {
    return new DomainEmbeddings(
        embeddings.domains().stream()
            .map(
                d ->
                    new DomainEmbedding(
                        d.domain(),
                        d.samples(),
                        Arrays.stream(d.mean()).map(x -> factor * x).toArray(),
                        List.of()))
            .toList());
  }

  private static MixtureConfig paper(Objective objective, double lambda) {
    return new MixtureConfig(
        objective,
        lambda,
        Scale.ABSOLUTE,
        Optional.empty(),
        Scale.ABSOLUTE,
        true,
        Optional.empty());
  }

  private static MixtureConfig config(
      Objective objective, double lambda, Scale mode, Optional<Double> maxRatio) {
    return new MixtureConfig(
        objective, lambda, mode, Optional.empty(), Scale.RELATIVE, true, maxRatio);
  }

  private static DenseMatrix matrix(double[][] rows) {
    int k = rows.length;
    double[] values = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        values[i + j * k] = rows[i][j];
      }
    }
    return new DenseMatrix(k, k, values);
  }

  private static void assertClose(double[] found, JsonNode expected) {
    assertThat(found).containsExactly(Reference.numbers(expected), CLOSE);
  }
}
