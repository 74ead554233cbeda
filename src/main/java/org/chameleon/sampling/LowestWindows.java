package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The lowest windows seen, no two with the same tokens, at most as many as asked for. */
final class LowestWindows {
  private final int capacity;
  private final TreeSet<CutWindow> windows = new TreeSet<>();
  private final Map<CutWindow.Content, CutWindow> byContent = new HashMap<>();

  LowestWindows(int capacity) {
    this.capacity = capacity;
  }

  /** Returns whether a window at this place could be among the lowest. */
  boolean admits(long round, long hash) {
    if (windows.size() < capacity) {
      return true;
    }
    CutWindow last = windows.last();
    return round != last.round() ? round < last.round() : hash <= last.hash();
  }

  void offer(CutWindow window) {
    CutWindow.Content content = window.content();
    CutWindow same = byContent.get(content);
    if (same != null) {
      if (same.compareTo(window) <= 0) {
        return;
      }
      windows.remove(same);
    }
    windows.add(window);
    byContent.put(content, window);
    if (windows.size() > capacity) {
      byContent.remove(windows.pollLast().content());
    }
  }

  List<CutWindow> list() {
    return new ArrayList<>(windows);
  }
}
