package org.chameleon.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.chameleon.model.ByteAlphabet;

/**
 * Learns byte-pair merges from word counts: again and again the most frequent pair of neighbours
 * becomes one symbol, ties going to the pair learnt earliest. An index from pairs to the words that
 * have them, and a heap of pairs by their counts, leave each merge only the words that it changes.
 */
final class BytePairs {
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Neighbours neighbours = new Neighbours();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  /** Two symbols next to each other. Below 256 a symbol is a byte, above it a merge. */
  record Pair(int left, int right) {}

  /** A pair with the count that it had at some time. */
  private record Candidate(Entry pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int order = Long.compare(other.count, count);
      return order != 0 ? order : Long.compare(pair.key, other.pair.key);
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
    learner.neighbours.all().forEach(entry -> learner.queue.add(entry.candidate()));
    List<Pair> learnt = new ArrayList<>();
    while (learnt.size() < merges) {
      Candidate best = learner.queue.poll();
      if (best == null || best.count() < 2) {
        break;
      }
      if (best.pair().count == best.count()) {
        learner.merge(best.pair(), 256 + learnt.size());
        learnt.add(new Pair(best.pair().left(), best.pair().right()));
      }
    }
    return learnt;
  }

  private void addWord(String word, long count) {
    int[] symbols = ByteAlphabet.bytes(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      Entry entry = neighbours.of(symbols[i], symbols[i + 1]);
      entry.count += count;
      entry.in(words.size());
    }
    words.add(symbols);
    counts.add(count);
  }

  private void merge(Entry pair, int symbol) {
    List<Entry> changed = new ArrayList<>();
    int[] holding = pair.words();
    for (int index : holding) {
      int[] before = words.get(index);
      int[] after = replaced(before, pair.left(), pair.right(), symbol);
      if (after.length < before.length) {
        long count = counts.get(index);
        add(before, -count, symbol, changed, -1);
        add(after, count, symbol, changed, index);
        words.set(index, after);
      }
    }
    pair.count = 0;
    for (Entry entry : changed) {
      if (entry.count > 0) {
        queue.add(entry.candidate());
      }
    }
  }

  /**
   * Adds to the counts of a word's pairs.
   *
   * @param merge that changes them, for each to be listed once
   * @param index of the word where its pairs are to be found by, or negative
   */
  private void add(int[] symbols, long count, int merge, List<Entry> changed, int index) {
    for (int i = 0; i + 1 < symbols.length; i++) {
      Entry entry = neighbours.of(symbols[i], symbols[i + 1]);
      entry.count += count;
      if (entry.changedBy != merge) {
        entry.changedBy = merge;
        changed.add(entry);
      }
      if (index >= 0 && (symbols[i] == merge || symbols[i + 1] == merge)) {
        entry.in(index);
      }
    }
  }

  private static int[] replaced(int[] symbols, int left, int right, int symbol) {
    int[] result = new int[symbols.length];
    int n = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean match = i + 1 < symbols.length && symbols[i] == left && symbols[i + 1] == right;
      result[n++] = match ? symbol : symbols[i];
      i += match ? 1 : 0;
    }
    return Arrays.copyOf(result, n);
  }

  /** A pair, how often it occurs, and the words that have or had it. */
  private static final class Entry {
    private final long key;
    private long count;
    private int changedBy;
    private int[] words = new int[2];
    private int size;

    Entry(long key) {
      this.key = key;
    }

    int left() {
      return (int) (key >>> Integer.SIZE);
    }

    int right() {
      return (int) key;
    }

    Candidate candidate() {
      return new Candidate(this, count);
    }

    /** Notes a word; words come one after another, so twice the same is seen. */
    void in(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }

    int[] words() {
      return Arrays.copyOf(words, size);
    }
  }

  /** The pairs by their symbols: a table with open addresses. */
  private static final class Neighbours {
    private Entry[] slots = new Entry[1 << 12];
    private int size;

    Entry of(int left, int right) {
      long key = (long) left << Integer.SIZE | right;
      int slot = slot(key);
      if (slots[slot] == null) {
        if (2 * size >= slots.length) {
          grow();
          slot = slot(key);
        }
        slots[slot] = new Entry(key);
        size++;
      }
      return slots[slot];
    }

    private int slot(long key) {
      long mixed = key * 0x9E3779B97F4A7C15L;
      int slot = (int) (mixed >>> Integer.SIZE) & (slots.length - 1);
      while (slots[slot] != null && slots[slot].key != key) {
        slot = (slot + 1) & (slots.length - 1);
      }
      return slot;
    }

    private void grow() {
      List<Entry> all = all();
      slots = new Entry[2 * slots.length];
      all.forEach(entry -> slots[slot(entry.key)] = entry);
    }

    List<Entry> all() {
      return Arrays.stream(slots).filter(entry -> entry != null).toList();
    }
  }
}
