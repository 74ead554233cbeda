package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
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
 * @param ordinals by domain, the ordinals of the drawn documents, ascending; null: all
 */
record SplitDraw(CorpusSplit split, Map<String, Long> firstOrdinal, Map<String, long[]> ordinals)
    implements Serializable {

  /** Tasks for each core, so that no core waits long for the last. */
  static final int TASKS_PER_CORE = 8;

  /** Bytes of a file for which a task of its own does not pay. */
  private static final double LEAST_BYTES = 1 << 20;

  /**
   * Cuts draws into parts of about the same work for tasks that run side by side, as far as each
   * part can be read without the others.
   */
  static List<SplitDraw> evenly(List<SplitDraw> draws, int cores) {
    Map<CorpusFile, Long> rows = new HashMap<>();
    draws.forEach(draw -> rows.merge(draw.split.file(), draw.split.rows(), Long::sum));
    double total = draws.stream().mapToDouble(draw -> draw.bytes(rows)).sum();
    double target = Math.max(LEAST_BYTES, total / (TASKS_PER_CORE * cores));
    return draws.stream()
        .flatMap(draw -> draw.cut((long) Math.ceil(draw.bytes(rows) / target)))
        .toList();
  }

  /** Estimates the size of the drawn documents. */
  private double bytes(Map<CorpusFile, Long> rows) {
    return (double) split.file().bytes() * documents() / rows.get(split.file());
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
      return true;
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
