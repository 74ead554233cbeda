package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.chameleon.Reference;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores and weights against the reference, the formulas and each other. */
class WeightsTest extends MixtureFixture {

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
    }
  }

  @Test
  void softmaxDoesNotOverflow() {
    double[] weights = Weights.softmax(new double[] {1e12, 1e12 - 1, 3}, 1);
    assertThat(weights).containsExactly(new double[] {0.7310585786, 0.2689414214, 0}, CLOSE);
  }
}
