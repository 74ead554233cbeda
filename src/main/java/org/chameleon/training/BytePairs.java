package org.chameleon.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.chameleon.model.ByteAlphabet;

/**
 * Learns byte-pair merges from word counts: again and again the most frequent pair of neighbours
 * becomes one symbol, ties going to the pair learnt earliest.
 */
final class BytePairs {
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Pair, Long> pairCounts = new HashMap<>();
  private final Map<Pair, Set<Integer>> wordsWith = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  /** Two symbols next to each other. Below 256 a symbol is a byte, above it a merge. */
  record Pair(int left, int right) {}

  private record Candidate(Pair pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int order = Long.compare(other.count, count);
      order = order != 0 ? order : Integer.compare(pair.left, other.pair.left);
      return order != 0 ? order : Integer.compare(pair.right, other.pair.right);
    }
  }

  private BytePairs() {}

  /**
   * Returns at most {@code merges} merges in the order they apply; the i-th makes symbol 256 + i.
   *
   * @param wordCounts how often each word occurs
   */
  static List<Pair> learn(Map<String, Long> wordCounts, int merges) {
    BytePairs learner = new BytePairs();
    wordCounts.forEach(learner::addWord);
    learner.pairCounts.forEach((pair, n) -> learner.queue.add(new Candidate(pair, n)));
    List<Pair> learnt = new ArrayList<>();
    while (learnt.size() < merges) {
      Candidate best = learner.queue.poll();
      if (best == null || best.count() < 2) {
        break;
      }
      if (learner.pairCounts.getOrDefault(best.pair(), 0L) == best.count()) {
        learner.merge(best.pair(), 256 + learnt.size());
        learnt.add(best.pair());
      }
    }
    return learnt;
  }

  private void addWord(String word, long count) {
    int index = words.size();
    int[] symbols = ByteAlphabet.bytes(word);
    words.add(symbols);
    counts.add(count);
    for (int i = 0; i + 1 < symbols.length; i++) {
      Pair pair = new Pair(symbols[i], symbols[i + 1]);
      pairCounts.merge(pair, count, Long::sum);
      wordsWith.computeIfAbsent(pair, p -> new HashSet<>()).add(index);
    }
  }

  private void merge(Pair pair, int symbol) {
    Set<Pair> changed = new HashSet<>();
    for (int index : wordsWith.remove(pair)) {
      int[] before = words.get(index);
      int[] after = replaced(before, pair, symbol);
      long count = counts.get(index);
      add(before, -count, changed, index);
      add(after, count, changed, index);
      words.set(index, after);
    }
    pairCounts.remove(pair);
    changed.remove(pair);
    for (Pair neighbour : changed) {
      long count = pairCounts.getOrDefault(neighbour, 0L);
      if (count > 0) {
        queue.add(new Candidate(neighbour, count));
      } else {
        pairCounts.remove(neighbour);
      }
    }
  }

  private void add(int[] symbols, long count, Set<Pair> changed, int index) {
    for (int i = 0; i + 1 < symbols.length; i++) {
      Pair pair = new Pair(symbols[i], symbols[i + 1]);
      pairCounts.merge(pair, count, Long::sum);
      changed.add(pair);
      if (count > 0) {
        wordsWith.computeIfAbsent(pair, p -> new HashSet<>()).add(index);
      }
    }
  }

  private static int[] replaced(int[] symbols, Pair pair, int symbol) {
    int[] result = new int[symbols.length];
    int n = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean match =
          i + 1 < symbols.length && symbols[i] == pair.left() && symbols[i + 1] == pair.right();
      result[n++] = match ? symbol : symbols[i];
      i += match ? 1 : 0;
    }
    return Arrays.copyOf(result, n);
  }
}
