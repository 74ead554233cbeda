package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not matter to the weights, for any embeddings and settings. */
class MixturePropertiesTest extends MixtureFixture {
  private static final int SEEDS = 25;
  private static final int WIDTH = 7;

  static List<MixtureConfig> settings() {
    List<MixtureConfig> settings = new ArrayList<>();
    for (Objective objective : Objective.values()) {
      for (Optional<Double> ratio : List.of(Optional.<Double>empty(), Optional.of(4.0))) {
        for (String families : List.of("none", "auto")) {
          settings.add(
              new MixtureConfig(
                  objective,
                  0.29,
                  Scale.RELATIVE,
                  Optional.empty(),
                  Scale.RELATIVE,
                  true,
                  ratio,
                  Optional.of(0.25),
                  WordOrLists.of(families),
                  WithinFamilies.TOKENS,
                  false,
                  families.equals("none") ? Map.of("d000", 1.0, "d002", 2.0) : Map.of(),
                  List.of()));
        }
      }
    }
    return settings;
  }

  private static DomainEmbeddings drawn(int seed) {
    DomainEmbeddings random = random(3 + seed % 12, WIDTH, seed);
    List<DomainEmbedding> domains = new ArrayList<>(random.domains());
    domains.add(near(domains.get(1), "near"));
    return new DomainEmbeddings(domains);
  }

  private static DomainEmbeddings mapped(DomainEmbeddings embeddings, UnaryOperator<double[]> map) {
    return new DomainEmbeddings(
        embeddings.domains().stream()
            .map(d -> new DomainEmbedding(d.domain(), d.samples(), map.apply(d.mean()), List.of()))
            .toList());
  }

  private static void assertSame(DomainEmbeddings one, DomainEmbeddings other, MixtureConfig c) {
    double[] weights = weights(one, c);
    double[] others = weights(other, c);
    for (int i = 0; i < weights.length; i++) {
      assertThat(others[i]).as("%s", c).isCloseTo(weights[i], CLOSE);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void rotationShiftAndScaleDoNot(MixtureConfig config) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      double[][] values = new double[WIDTH][WIDTH];
      for (double[] row : values) {
        Arrays.setAll(row, j -> random.nextGaussian());
      }
      RealMatrix rotation = new QRDecomposition(new Array2DRowRealMatrix(values)).getQ();
      double[] shift = random.doubles(WIDTH, -3, 3).toArray();
      DomainEmbeddings embeddings = drawn(seed);
      assertSame(embeddings, mapped(embeddings, rotation::operate), config);
      assertSame(
          embeddings,
          mapped(
              embeddings,
              mean -> {
                double[] shifted = mean.clone();
                Arrays.setAll(shifted, j -> mean[j] + shift[j]);
                return shifted;
              }),
          config);
      assertSame(embeddings, scaled(embeddings, Math.exp(4 * random.nextGaussian())), config);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theOrderOfTheDomainsDoesNot(MixtureConfig config) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      DomainEmbeddings embeddings = drawn(seed);
      List<DomainEmbedding> shuffled = new ArrayList<>(embeddings.domains());
      Collections.shuffle(shuffled, new Random(seed));
      Mixture mixture = Mixture.of(new DomainEmbeddings(shuffled), Map.of(), config);
      double[] others =
          mixture.domains().stream()
              .sorted(Comparator.comparing(Mixture.Domain::name))
              .mapToDouble(Mixture.Domain::weight)
              .toArray();
      double[] weights = weights(embeddings, config);
      for (int i = 0; i < weights.length; i++) {
        assertThat(others[i]).isCloseTo(weights[i], CLOSE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void copiesDoNotWhereFamiliesAreFoundAndElseAreWarnedOf(MixtureConfig config) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      DomainEmbeddings embeddings = random(4 + seed % 10, WIDTH, seed);
      double[] weights = weights(embeddings, config);
      List<DomainEmbedding> cloned = new ArrayList<>(embeddings.domains());
      DomainEmbedding first = cloned.get(1);
      cloned.add(new DomainEmbedding("e", first.samples(), first.mean(), List.of()));
      Mixture after = Mixture.of(new DomainEmbeddings(cloned), Map.of(), config);
      if (config.families().word().equals("auto")) {
        double[] others = after.domains().stream().mapToDouble(Mixture.Domain::weight).toArray();
        for (int i = 0; i < weights.length; i++) {
          assertThat(others[i]).isCloseTo(i == 1 ? weights[i] / 2 : weights[i], CLOSE);
        }
        assertThat(others[weights.length]).isCloseTo(weights[1] / 2, CLOSE);
      } else {
        assertThat(after.warnings())
            .filteredOn(warning -> warning.code().equals("NEAR_DUPLICATES"))
            .anySatisfy(warning -> assertThat(warning.domains()).contains("d001", "e"));
      }
    }
  }
}
