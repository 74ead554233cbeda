package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The documents drawn from one split.
 *
 * @param split the split
 * @param firstOrdinal by domain, the ordinal of its first document in the split
 * @param ordinals by domain, the ordinals of the drawn documents, ascending; null: all of the
 *     domains whose first ordinal is given
 */
record SplitDraw(CorpusSplit split, Map<String, Long> firstOrdinal, Map<String, long[]> ordinals)
    implements Serializable {

  /**
   * Cuts draws that are large for a task, as far as each part can be read without the others.
   *
   * @param rows of each file
   */
  static List<SplitDraw> evenly(
      List<SplitDraw> draws, Map<CorpusFile, Long> rows, EvenTasks tasks) {
    double target = tasks.bytesOfTask(draws.stream().mapToDouble(draw -> draw.bytes(rows)).sum());
    return draws.stream()
        .flatMap(draw -> draw.cut((long) Math.ceil(draw.bytes(rows) / target)))
        .toList();
  }

  /** Estimates the size of the drawn documents in their file, whose rows are given. */
  double bytes(Map<CorpusFile, Long> rows) {
    return split.bytes(rows) * documents() / split.rows();
  }

  private Stream<SplitDraw> cut(long wanted) {
    boolean apart = split.paged() && pattern() == ReadPattern.SPARSE;
    int parts = apart ? (int) Math.min(wanted, documents()) : 1;
    return IntStream.range(0, Math.max(1, parts)).mapToObj(i -> part(i, Math.max(1, parts)));
  }

  private SplitDraw part(int index, int parts) {
    Map<String, long[]> mine = new TreeMap<>();
    ordinals.forEach(
        (domain, drawn) -> {
          int from = (int) ((long) drawn.length * index / parts);
          int to = (int) ((long) drawn.length * (index + 1) / parts);
          if (to > from) {
            mine.put(domain, Arrays.copyOfRange(drawn, from, to));
          }
        });
    return new SplitDraw(split, firstOrdinal, mine);
  }

  /** Returns whether a document, by its number in its domain, is drawn. */
  boolean has(String domain, long ordinal) {
    if (ordinals == null) {
      return firstOrdinal.containsKey(domain);
    }
    long[] drawn = ordinals.get(domain);
    return drawn != null && Arrays.binarySearch(drawn, ordinal) >= 0;
  }

  /** Returns how many of the split's rows are read. */
  ReadPattern pattern() {
    return ReadPattern.of(documents(), split.rows());
  }

  /** Returns the number of drawn documents. */
  long documents() {
    return ordinals.values().stream().mapToLong(drawn -> drawn.length).sum();
  }
}
