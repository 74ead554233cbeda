package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Windows of a domain that wait for tokens of the next documents. The tokens that they have are
 * kept once for all of them.
 */
final class OpenWindows {
  private final int length;
  private final LowestWindows lowest;
  private final List<Open> open = new ArrayList<>();
  private int[] tokens;
  private int count;

  /**
   * Creates none.
   *
   * @param length tokens of a window
   * @param lowest takes those that are complete
   */
  OpenWindows(int length, LowestWindows lowest) {
    this.length = length;
    this.lowest = lowest;
    this.tokens = new int[2 * length];
  }

  /** A window, and where its tokens begin. */
  private record Open(CutWindow.Start start, int from) {}

  boolean isEmpty() {
    return open.isEmpty();
  }

  void clear() {
    open.clear();
    count = 0;
  }

  /** Goes on with a document: windows that it completes are taken. */
  void goOn(int[] ids) {
    if (open.isEmpty()) {
      return;
    }
    // More than a window's length is of use to none that waits.
    append(ids, 0, Math.min(ids.length, length));
    open.removeIf(this::isComplete);
    if (open.isEmpty()) {
      count = 0;
    } else {
      forget(open.get(0).from());
    }
  }

  private boolean isComplete(Open window) {
    boolean complete = count - window.from() >= length;
    if (complete) {
      lowest.offer(window.start(), tokens, window.from(), length);
    }
    return complete;
  }

  /**
   * Begins windows at the end of a document.
   *
   * @param starts whose offsets are so near to the end that the next document is needed
   */
  void begin(List<CutWindow.Start> starts, int[] ids) {
    if (starts.isEmpty()) {
      return;
    }
    int from;
    int document;
    if (open.isEmpty()) {
      from = starts.stream().mapToInt(CutWindow.Start::offset).min().orElseThrow();
      count = 0;
      document = -from;
      append(ids, from, ids.length - from);
    } else {
      // Of a document that completed not all, all tokens are there.
      document = count - ids.length;
    }
    List<Open> begun = new ArrayList<>();
    starts.forEach(start -> begun.add(new Open(start, document + start.offset())));
    begun.sort((one, other) -> Integer.compare(one.from(), other.from()));
    open.addAll(begun);
  }

  private void append(int[] ids, int from, int more) {
    if (count + more > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(count + more, 2 * tokens.length));
    }
    System.arraycopy(ids, from, tokens, count, more);
    count += more;
  }

  /** Forgets what stands before all windows that wait. */
  private void forget(int before) {
    if (before < length) {
      return;
    }
    System.arraycopy(tokens, before, tokens, 0, count - before);
    count -= before;
    open.replaceAll(window -> new Open(window.start(), window.from() - before));
  }
}
