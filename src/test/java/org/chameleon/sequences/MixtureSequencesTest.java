package org.chameleon.sequences;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequence n of domain {@code d} is {@code (1000000 d + n, 0, 0)}. */
class MixtureSequencesTest {
  private static final int CONTEXT = 2;

  @TempDir private Path folder;

  @BeforeEach
  void pool() {
    write(Map.of("0", 5000, "1", 5000, "2", 100));
  }

  private void write(Map<String, Integer> counts) {
    List<PoolIndex.Domain> domains = new ArrayList<>();
    try {
      for (Map.Entry<String, Integer> domain : new TreeMap<>(counts).entrySet()) {
        String file = domain.getKey() + ".ids";
        ByteBuffer bytes = ByteBuffer.allocate(domain.getValue() * (CONTEXT + 1) * Integer.BYTES);
        for (int n = 0; n < domain.getValue(); n++) {
          bytes.putInt(1_000_000 * Integer.parseInt(domain.getKey()) + n).putInt(0).putInt(0);
        }
        Files.write(folder.resolve(file), bytes.array());
        domains.add(new PoolIndex.Domain(domain.getKey(), file, domain.getValue(), true));
      }
      Files.writeString(folder.resolve(PoolIndex.FILE), Json.text(new PoolIndex(CONTEXT, domains)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void sharesAreTheMixturesAndSeedsReadInTheirOwnOrder() {
    SortedMap<String, Double> weights = new TreeMap<>(Map.of("0", 0.612, "1", 0.338, "2", 0.05));
    Map<String, List<Integer>> read = read(weights, 1000, 0);
    weights.forEach(
        (domain, weight) ->
            assertThat(read.get(domain).size() / 1000.0).isBetween(weight - 0.001, weight + 0.001));
    assertThat(read.get("0")).doesNotHaveDuplicates();
    assertThat(read(weights, 1000, 0)).isEqualTo(read);
    assertThat(read(weights, 1000, 1).get("0")).isNotEqualTo(read.get("0"));
  }

  @Test
  void mixturesOfASeedReadADomainInTheSameOrder() {
    List<Integer> more = read(Map.of("0", 0.6, "1", 0.3, "2", 0.1), 1000, 3).get("0");
    List<Integer> less = read(Map.of("0", 0.1, "1", 0.8, "2", 0.1), 1000, 3).get("0");
    assertThat(less).hasSize(100).isEqualTo(more.subList(0, 100));
  }

  @Test
  void aDomainWithTooFewComesAgainInTheSameOrder() {
    List<Integer> read = read(Map.of("0", 0.1, "1", 0.5, "2", 0.4), 500, 0).get("2");
    assertThat(read).hasSize(200);
    assertThat(new HashSet<>(read.subList(0, 100))).hasSize(100);
    assertThat(read.subList(100, 200)).isEqualTo(read.subList(0, 100));
  }

  @Test
  void aCutDomainComesAgainSoonerAndSeedsHaveOtherPartsOfIt() {
    Map<String, Double> weights = Map.of("0", 0.4, "1", 0.59, "2", 0.01);
    List<Integer> read = read(weights, 500, Map.of("0", 25L), 0).get("0");
    assertThat(read).hasSize(200);
    assertThat(new HashSet<>(read)).hasSize(25);
    assertThat(new HashSet<>(read(weights, 500, Map.of("0", 25L), 1).get("0")))
        .isNotEqualTo(new HashSet<>(read));
  }

  @Test
  void drawnSequencesAreCounted() {
    Map<String, Double> weights = Map.of("0", 5.0, "1", 5.0, "2", 0.0);
    try (PoolReader pool = PoolReader.open(folder.toString(), new Configuration())) {
      MixtureSequences sequences = new MixtureSequences(pool, weights, 200, Map.of(), 9, "0");
      sequences.forEachRemaining(ids -> assertThat(ids).hasSize(CONTEXT + 1));
      assertThat(sequences.drawn()).isEqualTo(Map.of("0", 100L, "1", 100L, "2", 0L));
    }
  }

  private Map<String, List<Integer>> read(Map<String, Double> weights, int count, int seed) {
    return read(weights, count, Map.of(), seed);
  }

  private Map<String, List<Integer>> read(
      Map<String, Double> weights, int count, Map<String, Long> most, int seed) {
    Map<String, List<Integer>> read = new TreeMap<>();
    try (PoolReader pool = PoolReader.open(folder.toString(), new Configuration())) {
      new MixtureSequences(pool, weights, count, most, 9, String.valueOf(seed))
          .forEachRemaining(
              ids ->
                  read.computeIfAbsent(String.valueOf(ids[0] / 1_000_000), d -> new ArrayList<>())
                      .add(ids[0]));
    }
    return read;
  }
}
