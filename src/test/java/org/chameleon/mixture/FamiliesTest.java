package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesTest extends MixtureFixture {
  private static MixtureConfig families(WordOrLists families, WithinFamilies within) {
    return new MixtureConfig(
        Objective.PRETRAIN,
        0.29,
        Scale.RELATIVE,
        Optional.empty(),
        Scale.RELATIVE,
        true,
        Optional.of(4.0),
        Optional.of(0.25),
        families,
        within,
        false,
        Map.of(),
        List.of());
  }

  private static MixtureConfig families(WordOrLists families) {
    return families(families, WithinFamilies.TOKENS);
  }

  private static Map<String, Double> weights(Mixture mixture) {
    Map<String, Double> weights = new TreeMap<>();
    mixture.domains().forEach(d -> weights.put(d.name(), d.weight()));
    return weights;
  }

  private static DomainEmbeddings withCopies(DomainEmbeddings embeddings, int copies) {
    List<DomainEmbedding> domains = new ArrayList<>(embeddings.domains());
    DomainEmbedding first = domains.get(2);
    for (int i = 0; i < copies; i++) {
      domains.add(new DomainEmbedding("e" + i, first.samples(), first.mean(), first.groups()));
    }
    return new DomainEmbeddings(domains);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void copiesChangeNoOtherWeightAndShareTheOldOne(long seed) {
    MixtureConfig auto = families(WordOrLists.of("auto"));
    DomainEmbeddings embeddings = random(8, 12, seed);
    Map<String, Double> before = weights(Mixture.of(embeddings, Map.of(), auto));
    Mixture cloned = Mixture.of(withCopies(embeddings, 3), Map.of(), auto);
    Map<String, Double> after = weights(cloned);
    before.forEach(
        (name, weight) ->
            assertThat(after.get(name))
                .isCloseTo(name.equals("d002") ? weight / 4 : weight, within(1e-9)));
    assertThat(after.get("e0")).isCloseTo(before.get("d002") / 4, within(1e-9));
    assertThat(cloned.domains().get(2).family()).isEqualTo("d002");
    assertThat(cloned.domains().get(3).family()).isNull();
    assertThat(cloned.warnings()).extracting(Warning::code).doesNotContain("NEAR_DUPLICATES");
    Mixture apart =
        Mixture.of(withCopies(embeddings, 3), Map.of(), families(WordOrLists.of("none")));
    assertThat(apart.warnings())
        .filteredOn(warning -> warning.code().equals("NEAR_DUPLICATES"))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .contains("as one they would get %.1f %%".formatted(100 * before.get("d002"))));
  }

  @Test
  void aFamilyIsSharedOutByTokensAndItsMeanIsWeightedByThem() {
    DomainEmbeddings embeddings = random(5, 4, 7);
    Map<String, Long> tokens =
        Map.of("d000", 30L, "d001", 10L, "d002", 5L, "d003", 5L, "d004", 50L);
    WordOrLists named = new WordOrLists("", Map.of("both", List.of("d001", "d000")));
    Mixture mixture = Mixture.of(embeddings, tokens, families(named));
    double[] mean = embeddings.domains().get(0).mean().clone();
    double[] other = embeddings.domains().get(1).mean();
    Arrays.setAll(mean, j -> 0.75 * mean[j] + 0.25 * other[j]);
    List<DomainEmbedding> merged = new ArrayList<>(embeddings.domains().subList(2, 5));
    merged.add(0, new DomainEmbedding("both", 20, mean, List.of()));
    Mixture asOne =
        Mixture.of(new DomainEmbeddings(merged), Map.of(), families(WordOrLists.of("none")));
    double both = asOne.domains().get(0).weight();
    assertThat(mixture.domains().get(0).weight()).isCloseTo(0.75 * both, CLOSE);
    assertThat(mixture.domains().get(1).weight()).isCloseTo(0.25 * both, CLOSE);
    assertThat(mixture.domains().get(0).family()).isEqualTo("both");
    for (int i = 2; i < 5; i++) {
      assertThat(mixture.domains().get(i).weight())
          .isCloseTo(asOne.domains().get(i - 1).weight(), CLOSE);
    }
    // Under other settings too, as the grid of an evaluation asks for.
    Map<String, Double> own = mixture.weights(Objective.PRETRAIN, Optional.of(4.0));
    weights(mixture).forEach((name, weight) -> assertThat(own.get(name)).isCloseTo(weight, CLOSE));
  }

  @Test
  void aFamilyIsSharedOutByScoresOfItsOwn() {
    DomainEmbeddings embeddings = random(7, 6, 4);
    List<String> members = List.of("d001", "d003", "d004", "d006");
    WordOrLists named = new WordOrLists("", Map.of("four", members));
    Mixture mixture = Mixture.of(embeddings, Map.of(), families(named, WithinFamilies.SCORES));
    DomainEmbeddings alone =
        new DomainEmbeddings(
            embeddings.domains().stream().filter(d -> members.contains(d.domain())).toList());
    Map<String, Double> within =
        weights(Mixture.of(alone, Map.of(), families(WordOrLists.of("none"))));
    Map<String, Double> found = weights(mixture);
    double family = members.stream().mapToDouble(found::get).sum();
    members.forEach(
        name -> assertThat(found.get(name)).isCloseTo(family * within.get(name), CLOSE));
    assertThat(found.values().stream().mapToDouble(w -> w).sum()).isCloseTo(1, CLOSE);
  }

  @Test
  void intervalsOfAFamilyAreThoseOfItsMean() {
    DomainEmbeddings embeddings = withCopies(noisy(0.1), 1);
    WordOrLists named = new WordOrLists("", Map.of("twins", List.of("d002", "e0")));
    List<Mixture.Domain> domains = Mixture.of(embeddings, Map.of(), families(named)).domains();
    Mixture.Domain one = domains.get(2);
    Mixture.Domain twin = domains.get(6);
    assertThat(one.weightLow()).isEqualTo(twin.weightLow()).isLessThan(one.weightHigh());
    // Two means of independent noise are surer than one.
    Mixture.Domain alone =
        Mixture.of(noisy(0.1), Map.of(), families(WordOrLists.of("none"))).domains().get(2);
    assertThat((one.weightHigh() - one.weightLow()) / one.weight())
        .isLessThan((alone.weightHigh() - alone.weightLow()) / alone.weight());
  }

  @Test
  void whatIsNoFamilyIsRefused() {
    DomainEmbeddings embeddings = random(4, 3, 1);
    assertThatThrownBy(
            () ->
                Mixture.of(
                    embeddings,
                    Map.of(),
                    families(new WordOrLists("", Map.of("f", List.of("d001", "web"))))))
        .hasMessage(
            "Cannot mix: mixture.families.f has domain 'web', and there are [d000, d001, d002, d003]. Correct the name.");
    assertThatThrownBy(
            () ->
                Mixture.of(
                    embeddings,
                    Map.of(),
                    families(
                        new WordOrLists(
                            "", Map.of("f", List.of("d001"), "g", List.of("d001", "d002"))))))
        .hasMessage(
            "Cannot mix: domain 'd001' is in mixture.families.f and in mixture.families.g. Remove it from one.");
    assertThatThrownBy(() -> families(WordOrLists.of("automatic")))
        .hasMessage("families must be none, auto or { name = [domains] }, is 'automatic'");
    assertThatThrownBy(() -> families(new WordOrLists("", Map.of("f", List.of()))))
        .hasMessage("families.f has no domains. Name some, or remove it.");
  }
}
