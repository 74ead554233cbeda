package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The lowest windows seen, no two with the same tokens, at most as many as asked for. */
final class LowestWindows {
  private final int capacity;
  private final TreeSet<CutWindow> windows = new TreeSet<>();
  private final Map<CutWindow.Content, CutWindow> byContent = new HashMap<>();
  private boolean full;

  LowestWindows(int capacity) {
    this.capacity = capacity;
  }

  /** Returns whether a window at this place could be among the lowest, and notes where not. */
  boolean admits(long round, long hash) {
    if (windows.size() < capacity) {
      return true;
    }
    CutWindow last = windows.last();
    boolean admits = round != last.round() ? round < last.round() : hash <= last.hash();
    full |= !admits;
    return admits;
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
      full = true;
    }
  }

  /** Returns the last that was kept, where others behind it were not. */
  Optional<CutWindow> last() {
    return full ? Optional.of(windows.last()) : Optional.empty();
  }

  List<CutWindow> list() {
    return new ArrayList<>(windows);
  }
}
