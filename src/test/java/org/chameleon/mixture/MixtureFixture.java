package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.assertj.core.data.Offset;
import org.chameleon.Reference;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;

/** Embeddings to be weighed. */
class MixtureFixture {
  static final Offset<Double> CLOSE = within(1e-10);

  record Computed(LeverageScores scores, Weights weights) {}

  static Computed computed(DenseMatrix affinity, MixtureConfig config) {
    LeverageScores scores = LeverageScores.of(affinity, config.lambda(affinity));
    return new Computed(scores, Weights.of(config.entering(scores), config));
  }

  static DomainEmbedding near(DomainEmbedding domain, String name) {
    double[] mean = domain.mean().clone();
    mean[name.length() % mean.length] += 1e-3;
    return new DomainEmbedding(name, 10, mean, List.of());
  }

  static DenseMatrix affinity(double... line) {
    return Affinity.of(Arrays.stream(line).mapToObj(x -> new double[] {x}).toList());
  }

  /** Returns the low and the high end of each domain's interval in turn. */
  static List<Double> ends(DomainEmbeddings embeddings) {
    MixtureConfig config = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    return Mixture.of(embeddings, Map.of(), config).domains().stream()
        .flatMap(domain -> Stream.of(domain.weightLow(), domain.weightHigh()))
        .toList();
  }

  static double meanInterval(DomainEmbeddings embeddings, MixtureConfig config) {
    return Mixture.of(embeddings, Map.of(), config).domains().stream()
        .mapToDouble(d -> d.weightHigh() - d.weightLow())
        .average()
        .orElseThrow();
  }

  static DomainEmbeddings noisy(double noise) {
    List<DomainEmbedding> domains = new ArrayList<>();
    Random random = new Random(4);
    for (DomainEmbedding domain : random(6, 5, 9).domains()) {
      List<DomainEmbedding.Group> groups = new ArrayList<>();
      for (int g = 0; g < 16; g++) {
        groups.add(
            new DomainEmbedding.Group(
                1,
                Arrays.stream(domain.mean())
                    .map(x -> x + noise * random.nextGaussian())
                    .toArray()));
      }
      domains.add(new DomainEmbedding(domain.domain(), 16, domain.mean(), groups));
    }
    return new DomainEmbeddings(domains);
  }

  static double[] weights(DomainEmbeddings embeddings, MixtureConfig config) {
    return Mixture.of(embeddings, Map.of(), config).domains().stream()
        .mapToDouble(Mixture.Domain::weight)
        .toArray();
  }

  static DomainEmbeddings random(int k, int width, long seed) {
    Random random = new Random(seed);
    List<DomainEmbedding> domains = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      double[] mean = random.doubles(width, -1, 1).toArray();
      domains.add(new DomainEmbedding("d%03d".formatted(i), 10, mean, List.of()));
    }
    return new DomainEmbeddings(domains);
  }

  static DomainEmbeddings scaled(DomainEmbeddings embeddings, double factor) {
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

  static MixtureConfig paper(Objective objective, double lambda) {
    return new MixtureConfig(
        objective,
        lambda,
        Scale.ABSOLUTE,
        Optional.empty(),
        Scale.ABSOLUTE,
        true,
        Optional.empty(),
        Optional.empty(),
        WordOrLists.of("none"),
        WithinFamilies.TOKENS,
        false,
        Map.of(),
        List.of());
  }

  static MixtureConfig config(
      Objective objective, double lambda, Scale mode, Optional<Double> maxRatio) {
    return new MixtureConfig(
        objective,
        lambda,
        mode,
        Optional.empty(),
        Scale.RELATIVE,
        true,
        maxRatio,
        Optional.empty(),
        WordOrLists.of("none"),
        WithinFamilies.TOKENS,
        false,
        Map.of(),
        List.of());
  }

  static DenseMatrix matrix(double[][] rows) {
    int k = rows.length;
    double[] values = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        values[i + j * k] = rows[i][j];
      }
    }
    return new DenseMatrix(k, k, values);
  }

  static void assertClose(double[] found, JsonNode expected) {
    assertThat(found).containsExactly(Reference.numbers(expected), CLOSE);
  }
}
