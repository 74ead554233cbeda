package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReuseTest extends MixtureFixture {
  private static final MixtureConfig CONFIG =
      config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void proportionsAreKeptAndTheOthersHaveTheirExactWeight(long seed) {
    DomainEmbeddings embeddings = random(9, 12, seed);
    Map<String, Double> kept = new TreeMap<>();
    for (int i = 0; i < 7; i++) {
      kept.put("d00" + i, 0.5 * (i + 1));
    }
    double[] exact = weights(embeddings, CONFIG);
    Mixture mixture = Mixture.of(embeddings, Map.of(), CONFIG.withReuse(kept));
    double sum = 0;
    for (int i = 0; i < 9; i++) {
      Mixture.Domain domain = mixture.domains().get(i);
      sum += domain.weight();
      assertThat(domain.exactWeight()).isEqualTo(exact[i]);
      if (i < 7) {
        double first = mixture.domains().get(0).weight();
        assertThat(domain.weight() / first).isCloseTo(i + 1.0, CLOSE);
        assertThat(domain.reused()).isCloseTo((i + 1) / 28.0, CLOSE);
      } else {
        assertThat(domain.weight()).isEqualTo(exact[i]);
        assertThat(domain.reused()).isNull();
      }
    }
    assertThat(sum).isCloseTo(1, CLOSE);
    // As the grid of an evaluation asks for it.
    Map<String, Double> own = mixture.weights(Objective.PRETRAIN, Optional.of(4.0));
    mixture
        .domains()
        .forEach(domain -> assertThat(own.get(domain.name())).isCloseTo(domain.weight(), CLOSE));
  }

  @Test
  void whatIsKeptMovesByOneFactorHoweverItsWindowsFall() {
    MixtureConfig config = CONFIG.withReuse(Map.of("d000", 3.0, "d001", 1.0, "d003", 2.0));
    Mixture mixture = Mixture.of(noisy(0.3), Map.of(), config);
    Mixture.Domain first = mixture.domains().get(0);
    assertThat(first.weightHigh()).isGreaterThan(1.001 * first.weightLow());
    for (int i : new int[] {1, 3}) {
      Mixture.Domain other = mixture.domains().get(i);
      assertThat(first.weightLow() / other.weightLow())
          .isCloseTo(first.reused() / other.reused(), CLOSE);
      assertThat(first.weightHigh() / other.weightHigh())
          .isCloseTo(first.reused() / other.reused(), CLOSE);
      assertThat(mixture.rankSwaps()[0][i]).isZero();
    }
    assertThat(mixture.rankSwaps()[0][2]).isNotNegative();
    // It holds less than what a domain's own windows move its exact weight by.
    Mixture free = Mixture.of(noisy(0.3), Map.of(), CONFIG);
    assertThat(first.weightHigh() / first.weightLow())
        .isLessThan(free.domains().get(0).weightHigh() / free.domains().get(0).weightLow());
  }

  @Test
  void whatCannotBeKeptIsRefused() {
    DomainEmbeddings embeddings = random(4, 3, 1);
    MixtureConfig unknown = CONFIG.withReuse(Map.of("web", 1.0));
    assertThatThrownBy(() -> Mixture.of(embeddings, Map.of(), unknown))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("mixture.reuse has domain 'web'");
    assertThatThrownBy(() -> CONFIG.withReuse(Map.of("d000", 0.0)))
        .hasMessageContaining("reuse.d000 must be above 0, is 0.0");
  }
}
