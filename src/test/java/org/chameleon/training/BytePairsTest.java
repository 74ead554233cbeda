package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.chameleon.model.ByteAlphabet;
import org.chameleon.training.BytePairs.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytePairsTest {
  @Test
  void theMostFrequentPairIsMergedFirst() {
    // "ab" 10 times, "abc" 3 times: ab (13), then ab+c (3).
    List<Pair> merges = BytePairs.learn(Map.of("ab", 10L, "abc", 3L), 10);
    assertThat(merges).containsExactly(new Pair('a', 'b'), new Pair(256, 'c'));
  }

  @Test
  void overlappingPairsAreMergedFromTheLeft() {
    assertThat(BytePairs.learn(Map.of("aaaa", 5L), 10))
        .containsExactly(new Pair('a', 'a'), new Pair(256, 256));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void countingAnewAfterEveryMergeGivesTheSame(int seed) {
    Random random = new Random(seed);
    Map<String, Long> words = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      StringBuilder word = new StringBuilder();
      for (int j = random.nextInt(8) + 1; j > 0; j--) {
        word.append((char) ('a' + random.nextInt(4)));
      }
      words.put(word.toString(), 1L + random.nextInt(20));
    }
    assertThat(BytePairs.learn(words, 30)).isEqualTo(slowly(words, 30));
  }

  /** The definition, without any bookkeeping. */
  private static List<Pair> slowly(Map<String, Long> words, int merges) {
    Map<String, int[]> symbols = new HashMap<>();
    words.keySet().forEach(word -> symbols.put(word, ByteAlphabet.bytes(word)));
    List<Pair> learnt = new ArrayList<>();
    while (learnt.size() < merges) {
      Map<Pair, Long> counts = new HashMap<>();
      symbols.forEach(
          (word, s) -> {
            for (int i = 0; i + 1 < s.length; i++) {
              counts.merge(new Pair(s[i], s[i + 1]), words.get(word), Long::sum);
            }
          });
      Pair best = null;
      for (Pair pair : counts.keySet()) {
        if (best == null || before(pair, best, counts)) {
          best = pair;
        }
      }
      if (best == null || counts.get(best) < 2) {
        break;
      }
      Pair merged = best;
      int symbol = 256 + learnt.size();
      symbols.replaceAll((word, s) -> merge(s, merged, symbol));
      learnt.add(best);
    }
    return learnt;
  }

  private static boolean before(Pair a, Pair b, Map<Pair, Long> counts) {
    int order = Long.compare(counts.get(b), counts.get(a));
    order = order != 0 ? order : Integer.compare(a.left(), b.left());
    return (order != 0 ? order : Integer.compare(a.right(), b.right())) < 0;
  }

  private static int[] merge(int[] symbols, Pair pair, int symbol) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < symbols.length; i++) {
      if (i + 1 < symbols.length && symbols[i] == pair.left() && symbols[i + 1] == pair.right()) {
        out.add(symbol);
        i++;
      } else {
        out.add(symbols[i]);
      }
    }
    return out.stream().mapToInt(Integer::intValue).toArray();
  }
}
