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

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gpt2-odd"})
  void scoresAndWeightsAreThoseOfTheReference(String model) {
    JsonNode golden = Reference.json(model + ".golden.json");
    List<double[]> means = List.of(Reference.matrix(golden.get("means")));
    Weights pretrain = Weights.of(Affinity.of(means), paper(Objective.PRETRAIN, 10));
    assertClose(pretrain.rawScores(), golden.get("rawScores"));
    assertClose(pretrain.scores(), golden.get("scores"));
    assertClose(pretrain.weights(), golden.get("pretrain"));
    Weights finetune = Weights.of(Affinity.of(means), paper(Objective.FINETUNE, 10));
    assertClose(finetune.weights(), golden.get("finetune"));
    for (int lambda : new int[] {1, 100}) {
      JsonNode other = golden.get("lambda" + lambda);
      Weights weights = Weights.of(Affinity.of(means), paper(Objective.PRETRAIN, lambda));
      assertClose(weights.scores(), other.get("scores"));
      assertClose(weights.weights(), other.get("pretrain"));
    }
  }

  @Test
  void thePapersOwnMatrixGivesTheReleasedCodesWeights() {
    JsonNode golden = Reference.json("figure.golden.json");
    DenseMatrix affinity = matrix(Reference.matrix(golden.get("affinity")));
    Weights pretrain = Weights.of(affinity, paper(Objective.PRETRAIN, 10));
    assertClose(pretrain.rawScores(), golden.get("rawScores"));
    assertClose(pretrain.scores(), golden.get("scores"));
    assertClose(pretrain.weights(), golden.get("pretrain"));
    assertClose(
        Weights.of(affinity, paper(Objective.FINETUNE, 10)).weights(), golden.get("finetune"));
    double[] weights = pretrain.weights();
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
    assertThat(LeverageScores.of(affinity, 1)).containsExactly(expected, within(1e-15));
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
    Mixture mixture = Mixture.of(random(15, 4, 2), Map.of(), config);
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
              random(k, 8, k), Map.of(), config(objective, 0.29, Scale.RELATIVE, Optional.of(4.0)));
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
    Mixture mixture = Mixture.of(random(1, 4, 1), Map.of(), paper(Objective.PRETRAIN, 10));
    assertThat(mixture.domains().get(0).weight()).isEqualTo(1.0);
    assertThat(mixture.warnings()).extracting(Warning::code).containsExactly("ONE_DOMAIN");
  }

  @Test
  void twoDomainsHaveOneHalfEachWhateverTheData() {
    for (Objective objective : Objective.values()) {
      Mixture mixture = Mixture.of(random(2, 4, 5), Map.of(), paper(objective, 10));
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
        Mixture.of(new DomainEmbeddings(domains), Map.of(), paper(Objective.PRETRAIN, 10));
    assertThat(mixture.domains()).allMatch(d -> Math.abs(d.weight() - 1.0 / 3) < 1e-15);
    assertThat(mixture.warnings()).extracting(Warning::code).containsExactly("IDENTICAL_DOMAINS");
  }

  @Test
  void nearDuplicatesAreReported() {
    List<DomainEmbedding> domains = new ArrayList<>(random(4, 6, 3).domains());
    double[] copy = domains.get(1).mean().clone();
    copy[0] += 1e-3;
    domains.add(new DomainEmbedding("copy", 10, copy, List.of()));
    Mixture mixture =
        Mixture.of(new DomainEmbeddings(domains), Map.of(), paper(Objective.PRETRAIN, 1));
    assertThat(mixture.warnings())
        .anyMatch(
            w -> w.code().equals("NEAR_DUPLICATES") && w.domains().equals(List.of("d001", "copy")));
  }

  @Test
  void proportionalSharesComeFromTokens() {
    Mixture mixture =
        Mixture.of(
            random(3, 4, 1),
            Map.of("d000", 10L, "d001", 30L, "d002", 60L),
            paper(Objective.PRETRAIN, 10));
    assertThat(mixture.domains())
        .extracting(Mixture.Domain::proportional)
        .containsExactly(.1, .3, .6);
  }

  @Test
  void sizesOfOtherDomainsAreRefused() {
    assertThatThrownBy(
            () -> Mixture.of(random(2, 4, 1), Map.of("other", 1L), paper(Objective.PRETRAIN, 10)))
        .hasMessage(
            "Cannot mix: the embeddings are of domains [d000, d001], the corpus has [other].");
  }

  @Test
  void intervalsNarrowWithMoreSamples() {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    assertThat(meanInterval(noisy(0.01), config)).isLessThan(meanInterval(noisy(0.3), config) / 3);
  }

  private static double meanInterval(DomainEmbeddings embeddings, MixtureConfig config) {
    return Mixture.of(embeddings, Map.of(), config).domains().stream()
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
    return Mixture.of(embeddings, Map.of(), config).domains().stream()
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
