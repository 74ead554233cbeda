package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lowest windows seen, no two with the same tokens, at most as many as asked for. Somewhat more
 * are kept for a while, so that they need not be in order.
 */
final class LowestWindows {
  /** More that are kept before they are put in order, for each of those asked for. */
  private static final int MORE = 4;

  private final int capacity;
  private final WindowTokens tokens;
  private List<Kept> windows = new ArrayList<>();
  private CutWindow.Place last;
  private boolean full;

  LowestWindows(int capacity, WindowTokens tokens) {
    this.capacity = capacity;
    this.tokens = tokens;
  }

  /** A window whose tokens are elsewhere. */
  private record Kept(CutWindow.Start start, long high, long low, long place, int length)
      implements Comparable<Kept> {
    @Override
    public int compareTo(Kept other) {
      return start.compareTo(other.start);
    }
  }

  /** Returns whether a window at this place could be among the lowest. */
  boolean admits(long round, long hash) {
    return last == null || new CutWindow.Place(round, hash).compareTo(last) <= 0;
  }

  /** Notes that there are windows that could not be. */
  void refuse() {
    full = true;
  }

  /** Takes a window, if it could be among the lowest. */
  void offer(CutWindow.Start start, int[] ids, int from, int length) {
    if (!admits(start.round(), start.hash())) {
      full = true;
      return;
    }
    CutWindow.Content content = CutWindow.Content.of(ids, from, length);
    long place = tokens.add(ids, from, length);
    windows.add(new Kept(start, content.high(), content.low(), place, length));
    if (windows.size() >= capacity + capacity / MORE + MORE) {
      putInOrder();
    }
  }

  private void putInOrder() {
    Collections.sort(windows);
    Set<CutWindow.Content> seen = new HashSet<>();
    List<Kept> lowest = new ArrayList<>();
    for (Kept window : windows) {
      if (seen.add(new CutWindow.Content(window.high(), window.low()))) {
        if (lowest.size() == capacity) {
          full = true;
          break;
        }
        lowest.add(window);
      }
    }
    windows = lowest;
    if (lowest.size() == capacity) {
      last = lowest.get(capacity - 1).start().place();
    }
  }

  /** Returns how many there are. */
  int count() {
    putInOrder();
    return windows.size();
  }

  /** Returns the windows in order. */
  List<CutWindow> list() {
    putInOrder();
    List<CutWindow> list = new ArrayList<>(windows.size());
    for (Kept window : windows) {
      list.add(new CutWindow(window.start(), tokens.get(window.place(), window.length())));
    }
    return list;
  }

  /** Returns the place of the last that was kept, null where none behind it was not. */
  CutWindow.Place behind() {
    putInOrder();
    return full && !windows.isEmpty() ? windows.get(windows.size() - 1).start().place() : null;
  }
}
