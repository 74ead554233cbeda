package org.chameleon.evaluation;

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
class TrialSequencesTest {
  private static final int CONTEXT = 2;
  private static final SortedMap<String, Double> UNCUT = new TreeMap<>();

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
    TrialSizes sizes = sizes(2000, UNCUT);
    Map<String, List<Integer>> read = read(weights, sizes, 0);
    weights.forEach(
        (domain, weight) ->
            assertThat(read.get(domain).size() / 1000.0).isBetween(weight - 0.001, weight + 0.001));
    assertThat(read.get("0")).doesNotHaveDuplicates();
    assertThat(read(weights, sizes, 0)).isEqualTo(read);
    assertThat(read(weights, sizes, 1).get("0")).isNotEqualTo(read.get("0"));
  }

  @Test
  void mixturesOfASeedReadADomainInTheSameOrder() {
    TrialSizes sizes = sizes(2000, UNCUT);
    List<Integer> more = read(Map.of("0", 0.6, "1", 0.3, "2", 0.1), sizes, 3).get("0");
    List<Integer> less = read(Map.of("0", 0.1, "1", 0.8, "2", 0.1), sizes, 3).get("0");
    assertThat(less).hasSize(100).isEqualTo(more.subList(0, 100));
  }

  @Test
  void aDomainWithTooFewComesAgainInTheSameOrder() {
    List<Integer> read = read(Map.of("0", 0.1, "1", 0.5, "2", 0.4), sizes(1000, UNCUT), 0).get("2");
    assertThat(read).hasSize(200);
    assertThat(new HashSet<>(read.subList(0, 100))).hasSize(100);
    assertThat(read.subList(100, 200)).isEqualTo(read.subList(0, 100));
  }

  @Test
  void aCutDomainComesAsOftenAsInThePlannedTraining() {
    // Of domain 0 there are 0.05 tokens for each of the planned training: 40 % of it are 8 epochs.
    SortedMap<String, Double> available = new TreeMap<>(Map.of("0", 0.05, "1", 30.0, "2", 1.0));
    for (int tokens : new int[] {1000, 4000}) {
      List<Integer> read =
          read(Map.of("0", 0.4, "1", 0.59, "2", 0.01), sizes(tokens, available), 0).get("0");
      assertThat(read.size() / (double) new HashSet<>(read).size()).isEqualTo(8);
    }
    // Seeds have other parts of it.
    SortedMap<String, Double> weights = new TreeMap<>(Map.of("0", 0.4, "1", 0.59, "2", 0.01));
    assertThat(new HashSet<>(read(weights, sizes(1000, available), 0).get("0")))
        .isNotEqualTo(new HashSet<>(read(weights, sizes(1000, available), 1).get("0")));
  }

  @Test
  void drawnTokensAreCounted() {
    SortedMap<String, Double> weights = new TreeMap<>(Map.of("0", 0.5, "1", 0.5, "2", 0.0));
    TrialSizes sizes = sizes(400, UNCUT);
    try (PoolReader pool = PoolReader.open(folder.toString(), new Configuration())) {
      TrialSequences sequences = new TrialSequences(pool, weights, sizes, trial(0), 9);
      sequences.forEachRemaining(ids -> assertThat(ids).hasSize(CONTEXT + 1));
      assertThat(sequences.drawn()).isEqualTo(Map.of("0", 200L, "1", 200L, "2", 0L));
    }
  }

  private static Trial trial(int seed) {
    return new Trial("any", seed, 1, 1);
  }

  private static TrialSizes sizes(long tokens, SortedMap<String, Double> available) {
    return new TrialSizes(5, CONTEXT, tokens, available);
  }

  private Map<String, List<Integer>> read(Map<String, Double> weights, TrialSizes sizes, int seed) {
    Map<String, List<Integer>> read = new TreeMap<>();
    try (PoolReader pool = PoolReader.open(folder.toString(), new Configuration())) {
      new TrialSequences(pool, new TreeMap<>(weights), sizes, trial(seed), 9)
          .forEachRemaining(
              ids ->
                  read.computeIfAbsent(String.valueOf(ids[0] / 1_000_000), d -> new ArrayList<>())
                      .add(ids[0]));
    }
    return read;
  }
}
