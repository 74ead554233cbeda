package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovementTest extends MixtureFixture {
  private static final MixtureConfig CONFIG =
      config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));

  private static Movement.Side side(
      DomainEmbeddings embeddings, Map<String, Long> tokens, MixtureConfig config) {
    return new Movement.Side(embeddings, Mixture.of(embeddings, tokens, config), config, tokens);
  }

  private static DomainEmbeddings without(DomainEmbeddings embeddings, String... names) {
    return new DomainEmbeddings(
        embeddings.domains().stream().filter(d -> !Set.of(names).contains(d.domain())).toList());
  }

  private static DomainEmbeddings with(DomainEmbeddings embeddings, DomainEmbedding other) {
    List<DomainEmbedding> domains = new ArrayList<>(without(embeddings, other.domain()).domains());
    domains.add(other);
    domains.sort(java.util.Comparator.comparing(DomainEmbedding::domain));
    return new DomainEmbeddings(domains);
  }

  private static double whole(Movement movement, Movement.Side before, Movement.Side after) {
    return weight(after.mixture(), movement.domain()) - weight(before.mixture(), movement.domain());
  }

  private static double weight(Mixture mixture, String domain) {
    return mixture.domains().stream()
        .filter(one -> one.name().equals(domain))
        .findFirst()
        .orElseThrow()
        .weight();
  }

  private static double sum(Movement m) {
    return m.settings() + m.gone() + m.sizes() + m.own() + m.others() + m.come() + m.rest();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void thePartsAddUpToWhatMoved(long seed) {
    Map<String, Long> tokens = new TreeMap<>();
    Map<String, Long> later = new TreeMap<>();
    DomainEmbeddings all = random(9, 6, seed);
    all.names().forEach(name -> tokens.put(name, 10L));
    all.names().forEach(name -> later.put(name, 10L + name.hashCode() % 7));
    MixtureConfig families =
        new MixtureConfig(
            Objective.FINETUNE,
            0.5,
            Scale.RELATIVE,
            Optional.empty(),
            Scale.RELATIVE,
            true,
            Optional.empty(),
            Optional.empty(),
            new WordOrLists("", Map.of("some", List.of("d001", "d002", "d008"))),
            WithinFamilies.TOKENS,
            false,
            Map.of(),
            List.of());
    tokens.keySet().remove("d008");
    later.keySet().remove("d000");
    Movement.Side before = side(without(all, "d008"), tokens, CONFIG);
    DomainEmbeddings moved = random(9, 6, seed + 100);
    Movement.Side after = side(without(moved, "d000"), later, families);
    List<Movement> movements = Movement.of(before, after, true);
    assertThat(movements).hasSize(7);
    for (Movement movement : movements) {
      assertThat(sum(movement)).isCloseTo(whole(movement, before, after), CLOSE);
      assertThat(movement.rest()).isCloseTo(0, CLOSE);
      assertThat(movement.settings()).isNotZero();
      assertThat(movement.gone()).isNotZero();
      assertThat(movement.come()).isNotZero();
    }
    // Families are of other tokens: what is in none moves with the family's mean.
    assertThat(movements).anySatisfy(m -> assertThat(m.sizes()).isNotZero());
  }

  @Test
  void eachCauseAloneIsToldAsWhatItIs() {
    DomainEmbeddings embeddings = random(6, 5, 2);
    Movement.Side before = side(embeddings, Map.of(), CONFIG);
    DomainEmbedding changed = random(6, 5, 3).domains().get(2);
    Movement.Side own = side(with(embeddings, changed), Map.of(), CONFIG);
    for (Movement movement : Movement.of(before, own, true)) {
      double whole = whole(movement, before, own);
      boolean itself = movement.domain().equals("d002");
      assertThat(movement.own()).isCloseTo(itself ? whole : 0, CLOSE);
      assertThat(movement.others()).isCloseTo(itself ? 0 : whole, CLOSE);
      assertThat(movement.come() + movement.gone() + movement.settings()).isCloseTo(0, CLOSE);
    }
    assertThat(Movement.of(before, own, false)).allMatch(m -> m.own() == null);
    Movement.Side fewer = side(without(embeddings, "d004"), Map.of(), CONFIG);
    for (Movement movement : Movement.of(before, fewer, true)) {
      assertThat(movement.gone()).isCloseTo(whole(movement, before, fewer), CLOSE);
    }
    for (Movement movement : Movement.of(fewer, before, true)) {
      assertThat(movement.come()).isCloseTo(whole(movement, fewer, before), CLOSE);
    }
    Movement.Side other = side(embeddings, Map.of(), CONFIG.withLambda(3));
    for (Movement movement : Movement.of(before, other, true)) {
      assertThat(movement.settings()).isCloseTo(whole(movement, before, other), CLOSE);
    }
  }

  @Test
  void embeddingsOfOtherWidthsAreToldTogetherAndOfNoCommonDomainNothingIs() {
    Movement.Side before = side(random(6, 5, 2), Map.of(), CONFIG);
    Movement.Side wider = side(random(6, 8, 2), Map.of(), CONFIG);
    for (Movement movement : Movement.of(before, wider, true)) {
      assertThat(movement.own()).isNull();
      assertThat(movement.others()).isCloseTo(whole(movement, before, wider), CLOSE);
    }
    DomainEmbeddings all = random(6, 5, 2);
    Movement.Side some = side(without(all, "d000", "d001", "d002"), Map.of(), CONFIG);
    Movement.Side others = side(without(all, "d003", "d004", "d005"), Map.of(), CONFIG);
    assertThat(Movement.of(some, others, true)).isEmpty();
  }

  @Test
  void aNewDomainIsNamedBesideTheOneItIsMostLike() {
    DomainEmbeddings embeddings = random(6, 8, 5);
    DomainEmbedding copy = near(embeddings.domains().get(3), "web");
    Mixture mixture = Mixture.of(with(embeddings, copy), Map.of(), CONFIG);
    assertThat(Movement.nearest(mixture, Set.of("web")))
        .singleElement()
        .satisfies(
            nearest -> {
              assertThat(nearest.domain()).isEqualTo("web");
              assertThat(nearest.nearest()).isEqualTo("d003");
              assertThat(nearest.cosine()).isBetween(0.999, 1 + 1e-12);
            });
  }
}
