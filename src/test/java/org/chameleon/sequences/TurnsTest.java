package org.chameleon.sequences;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 49})
  void equalSharesTakeTurnsInTheOrderOfTheirNames(int domains) {
    Map<String, Double> shares = new TreeMap<>();
    IntStream.range(0, domains).forEach(i -> shares.put("d%02d".formatted(i), 0.3));
    int turns = 20_000;
    Turns.of(shares, turns)
        .places()
        .forEach(
            (name, places) -> {
              int first = Integer.parseInt(name.substring(1));
              assertThat(places)
                  .isEqualTo(IntStream.range(0, turns).filter(i -> i % domains == first).toArray());
            });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyShareHoldsWithinOneAtAnyPoint(long seed) {
    Random random = new Random(seed);
    int domains = 2 + random.nextInt(30);
    Map<String, Double> shares = new TreeMap<>();
    for (int i = 0; i < domains; i++) {
      shares.put("d" + i, Math.exp(3 * random.nextGaussian()));
    }
    double total = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    int turns = 5000;
    SortedMap<String, int[]> places = Turns.of(shares, turns).places();
    assertThat(places.values().stream().flatMapToInt(IntStream::of).sorted().toArray())
        .isEqualTo(IntStream.range(0, turns).toArray());
    shares.forEach(
        (name, share) -> {
          int had = 0;
          for (int turn = 0; turn < turns; turn++) {
            had += had < places.get(name).length && places.get(name)[had] == turn ? 1 : 0;
            assertThat(Math.abs(had - share / total * (turn + 1))).isLessThan(1);
          }
        });
  }

  @Test
  void aShareOfNothingHasNoTurn() {
    SortedMap<String, int[]> places = Turns.of(Map.of("a", 0.0, "b", 3.0), 4).places();
    assertThat(places.get("a")).isEmpty();
    assertThat(places.get("b")).containsExactly(0, 1, 2, 3);
  }
}
