package org.chameleon.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lowest windows of those seen, no two with the same tokens, at most as many as asked for.
 * Somewhat more are kept for a while, so that they need not be in order.
 */
final class Lowest<W extends Lowest.Window & Comparable<W> & Serializable> implements Serializable {
  /** More that are kept before they are put in order, for each of those asked for. */
  private static final int MORE = 4;

  private final int capacity;
  private List<W> windows = new ArrayList<>();
  private W last;
  private boolean full;

  /** A window; windows have the random order of their domain. */
  interface Window {
    /** Returns what is equal for windows with the same tokens. */
    CutWindow.Content content();
  }

  Lowest(int capacity) {
    this.capacity = capacity;
  }

  /** Returns a window behind which none is taken any more; null while there is none. */
  W last() {
    return last;
  }

  /** Notes that there was a window that was not taken. */
  void refuse() {
    full = true;
  }

  /** Takes a window. */
  void add(W window) {
    windows.add(window);
    if (windows.size() >= capacity + (long) capacity / MORE + MORE) {
      putInOrder();
    }
  }

  private void putInOrder() {
    Collections.sort(windows);
    Set<CutWindow.Content> seen = new HashSet<>();
    List<W> lowest = new ArrayList<>();
    for (W window : windows) {
      if (seen.add(window.content())) {
        if (lowest.size() == capacity) {
          full = true;
          break;
        }
        lowest.add(window);
      }
    }
    windows = lowest;
    if (lowest.size() == capacity) {
      last = lowest.get(capacity - 1);
    }
  }

  /** Returns the windows in order. */
  List<W> list() {
    putInOrder();
    return Collections.unmodifiableList(windows);
  }

  /** Returns whether there were others, behind those that are kept. */
  boolean leftOut() {
    putInOrder();
    return full && !windows.isEmpty();
  }
}
