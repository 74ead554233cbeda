package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;

class MixtureTest extends MixtureFixture {

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
  void aFamilyOfNearDuplicatesIsReportedOnce() {
    List<DomainEmbedding> domains = new ArrayList<>(random(6, 6, 3).domains());
    domains.add(near(domains.get(1), "copy of d001"));
    domains.add(near(domains.get(1), "another of d001"));
    domains.add(near(domains.get(4), "copy of d004"));
    Mixture mixture =
        Mixture.of(new DomainEmbeddings(domains), Map.of(), paper(Objective.PRETRAIN, 1));
    assertThat(mixture.warnings())
        .filteredOn(warning -> warning.code().equals("NEAR_DUPLICATES"))
        .extracting(Warning::domains)
        .containsExactly(
            List.of("d001", "copy of d001", "another of d001"), List.of("d004", "copy of d004"));
  }

  @Test
  void aFamilyIsAChainOfNearPairs() {
    // Of 0, 6, 12, 40 and 80 on a line two are near that are less than 6.6 apart.
    assertThat(Families.of(affinity(80, 0, 12, 40, 6))).containsExactly(List.of(1, 2, 4));
    assertThat(Families.of(affinity(80, 0, 12, 40))).isEmpty();
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

  @Test
  void permutingDomainsPermutesIntervals() {
    List<DomainEmbedding> domains = new ArrayList<>(noisy(0.1).domains());
    List<Double> before = ends(new DomainEmbeddings(domains));
    Collections.reverse(domains);
    List<Double> after = ends(new DomainEmbeddings(domains));
    int k = domains.size();
    for (int i = 0; i < k; i++) {
      assertThat(after.get(2 * i)).isCloseTo(before.get(2 * (k - 1 - i)), within(1e-12));
      assertThat(after.get(2 * i + 1)).isCloseTo(before.get(2 * (k - 1 - i) + 1), within(1e-12));
    }
  }

  @Test
  void underItsOwnSettingsAMixtureHasItsOwnWeights() {
    DomainEmbeddings embeddings = random(6, 5, 3);
    for (Objective objective : Objective.values()) {
      MixtureConfig config = config(objective, 0.29, Scale.RELATIVE, Optional.of(4.0));
      Mixture mixture = Mixture.of(embeddings, Map.of(), config);
      assertThat(mixture.weights(objective, Optional.of(4.0)).values())
          .containsExactlyElementsOf(
              mixture.domains().stream().map(Mixture.Domain::weight).toList());
      assertThat(mixture.purpose()).isEqualTo(objective);
    }
  }

  @Test
  void underOtherSettingsItHasTheWeightsOfARunWithThem() {
    DomainEmbeddings embeddings = random(6, 5, 3);
    MixtureConfig own =
        new MixtureConfig(
            Objective.PRETRAIN,
            0.29,
            Scale.RELATIVE,
            Optional.of(8.0),
            Scale.ABSOLUTE,
            true,
            Optional.of(4.0),
            Optional.empty(),
            WordOrLists.of("none"),
            WithinFamilies.TOKENS,
            false,
            Map.of(),
            List.of());
    // The T of 8 was meant for pretraining: finetuning has the paper's.
    MixtureConfig other =
        new MixtureConfig(
            Objective.FINETUNE,
            0.29,
            Scale.RELATIVE,
            Optional.empty(),
            Scale.ABSOLUTE,
            true,
            Optional.of(1.1),
            Optional.empty(),
            WordOrLists.of("none"),
            WithinFamilies.TOKENS,
            false,
            Map.of(),
            List.of());
    Mixture mixture = Mixture.of(embeddings, Map.of(), own);
    assertThat(mixture.weights(Objective.FINETUNE, Optional.of(1.1)).values())
        .containsExactlyElementsOf(
            Mixture.of(embeddings, Map.of(), other).domains().stream()
                .map(Mixture.Domain::weight)
                .toList());
  }
}
