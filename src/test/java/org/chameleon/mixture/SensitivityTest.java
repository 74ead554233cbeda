package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SensitivityTest extends MixtureFixture {
  private static final MixtureConfig CONFIG =
      config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.empty());

  private static Sensitivity of(DomainEmbeddings embeddings) {
    return Mixture.of(embeddings, Map.of(), CONFIG).sensitivity();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eachSettingSaysWhatARunWithItWouldGive(long seed) {
    DomainEmbeddings embeddings = random(8, 6, seed);
    double[] chosen = weights(embeddings, CONFIG);
    Sensitivity sensitivity = of(embeddings);
    List<MixtureConfig> others = new ArrayList<>();
    for (double factor : new double[] {0.1, 0.3, 3, 10}) {
      others.add(config(Objective.PRETRAIN, factor * 0.29, Scale.RELATIVE, Optional.empty()));
    }
    others.add(CONFIG.withTemperature(Optional.of(2.5)));
    others.add(CONFIG.withTemperature(Optional.of(10.0)));
    others.add(config(Objective.FINETUNE, 0.29, Scale.RELATIVE, Optional.empty()));
    assertThat(sensitivity.settings()).hasSameSizeAs(others);
    for (int i = 0; i < others.size(); i++) {
      Sensitivity.Setting setting = sensitivity.settings().get(i);
      double[] weights = weights(embeddings, others.get(i));
      double largest = 0;
      int agreeing = 0;
      for (int a = 0; a < 8; a++) {
        largest = Math.max(largest, Math.abs(weights[a] - chosen[a]));
        for (int b = 0; b < a; b++) {
          double both = Math.signum(weights[a] - weights[b]) * Math.signum(chosen[a] - chosen[b]);
          agreeing += (int) both;
        }
      }
      assertThat(setting.largestChange()).isCloseTo(largest, CLOSE);
      assertThat(setting.kendallTau()).isCloseTo(agreeing / 28.0, CLOSE);
      assertThat(setting.effectiveDimension())
          .isCloseTo(Mixture.of(embeddings, Map.of(), others.get(i)).effectiveDimension(), CLOSE);
    }
    assertThat(sensitivity.settings().get(6).inWords()).isEqualTo("mixture.objective = finetune");
    assertThat(sensitivity.settings().get(6).kendallTau()).isCloseTo(-1, CLOSE);
    assertThat(sensitivity.leastTau()).isGreaterThan(-1);
  }

  @Test
  void theOrderIsTrustedWhereNeitherSettingsNorNoiseChangeIt() {
    // Each domain on an axis of its own, farther and farther out.
    List<DomainEmbedding> apart = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      double[] mean = new double[6];
      mean[i] = 1 + i;
      List<DomainEmbedding.Group> groups = new ArrayList<>();
      for (int g = 0; g < 16; g++) {
        double[] group = mean.clone();
        group[i] += 1e-4 * (g - 7.5);
        groups.add(new DomainEmbedding.Group(4, group));
      }
      apart.add(new DomainEmbedding("d" + i, 64, mean, groups));
    }
    Sensitivity sensitivity = of(new DomainEmbeddings(apart));
    assertThat(sensitivity.order()).isEqualTo(Sensitivity.Order.TRUSTED);
    assertThat(sensitivity.uncertainPairs()).isZero();
    assertThat(sensitivity.pairs()).isEqualTo(15);
    assertThat(sensitivity.sentence())
        .startsWith("The order of the domains is to be trusted: ")
        .endsWith("0 of 15 pairs may have the other order by the noise of the windows.");
    Sensitivity noisy = of(noisy(3));
    assertThat(noisy.uncertainPairs()).isGreaterThan(2);
    assertThat(noisy.order()).isEqualTo(Sensitivity.Order.NOT_TRUSTED);
    Sensitivity unknown = of(random(6, 6, 2));
    assertThat(unknown.uncertainPairs()).isNull();
    assertThat(unknown.order()).isNotEqualTo(Sensitivity.Order.TRUSTED);
    assertThat(unknown.sentence()).endsWith("the noise of the windows is not known.");
  }

  @Test
  void otherHiddenStatesAndProxiesAreComparedByTheirWeights() {
    DomainEmbeddings embeddings = random(7, 5, 3);
    DomainEmbeddings theirs = random(7, 9, 4);
    List<Alternative> alternatives =
        List.of(
            Alternative.ofLayer(2, scaled(embeddings, 40)), Alternative.ofProxy("runs/b", theirs));
    Sensitivity sensitivity = Mixture.of(embeddings, Map.of(), CONFIG, alternatives).sensitivity();
    Sensitivity.Setting same = sensitivity.settings().get(7);
    assertThat(same.inWords()).isEqualTo("embedding.layer = 2");
    assertThat(same.kendallTau()).isEqualTo(1);
    assertThat(same.largestChange()).isCloseTo(0, CLOSE);
    Sensitivity.Setting other = sensitivity.settings().get(8);
    double[] chosen = weights(embeddings, CONFIG);
    assertThat(other.inWords()).isEqualTo("mixture.other-proxies = runs/b");
    double[] under = weights(theirs, CONFIG);
    double largest = 0;
    for (int i = 0; i < 7; i++) {
      largest = Math.max(largest, Math.abs(chosen[i] - under[i]));
    }
    assertThat(other.largestChange()).isCloseTo(largest, within(1e-12));
  }

  @Test
  void whereWeightsAreUniformWhateverTheSettingNothingIsTried() {
    assertThat(of(random(2, 5, 1))).isNull();
    Sensitivity alike = of(scaled(random(4, 5, 1), 0));
    assertThat(alike.leastTau()).isNull();
    assertThat(alike.sentence()).contains("no other setting can be compared");
  }
}
