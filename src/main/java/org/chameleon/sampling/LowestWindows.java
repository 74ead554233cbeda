package org.chameleon.sampling;

import java.io.Serializable;
import java.util.List;

/** The lowest windows that a task has seen of a domain, their tokens apart. */
final class LowestWindows {
  private final Lowest<Kept> lowest;
  private final WindowTokens tokens;
  private CutWindow.Place passed;

  LowestWindows(int capacity, WindowTokens tokens) {
    this.lowest = new Lowest<>(capacity);
    this.tokens = tokens;
  }

  /** A window whose tokens are elsewhere. */
  private record Kept(CutWindow.Start start, long high, long low, long place, int length)
      implements Lowest.Window, Comparable<Kept>, Serializable {
    @Override
    public int compareTo(Kept other) {
      return start.compareTo(other.start);
    }

    @Override
    public CutWindow.Content content() {
      return new CutWindow.Content(high, low);
    }
  }

  /** Returns whether a window at this place could be among the lowest. */
  boolean admits(long round, long hash) {
    Kept last = lowest.last();
    return last == null || new CutWindow.Place(round, hash).compareTo(last.start().place()) <= 0;
  }

  /** Notes that there are windows that could not be. */
  void refuse() {
    lowest.refuse();
  }

  /** Notes that a window was not looked at, though it could be among the lowest. */
  void pass(CutWindow.Place place) {
    if (passed == null || place.compareTo(passed) < 0) {
      passed = place;
    }
  }

  /** Takes a window, if it could be among the lowest. */
  void offer(CutWindow.Start start, int[] ids, int from, int length) {
    if (!admits(start.round(), start.hash())) {
      lowest.refuse();
      return;
    }
    CutWindow.Content content = CutWindow.Content.of(ids, from, length);
    long place = tokens.add(ids, from, length);
    lowest.add(new Kept(start, content.high(), content.low(), place, length));
  }

  /** Returns how many there are. */
  int count() {
    return lowest.list().size();
  }

  /** Returns the windows in order. */
  List<CutWindow> list() {
    return lowest.list().stream()
        .map(w -> new CutWindow(w.start(), w.content(), tokens.get(w.place(), w.length())))
        .toList();
  }

  /** Returns the first place behind which windows are missing; null where none is. */
  CutWindow.Place behind() {
    List<Kept> kept = lowest.list();
    CutWindow.Place last = lowest.leftOut() ? kept.get(kept.size() - 1).start().place() : null;
    return last == null || (passed != null && passed.compareTo(last) < 0) ? passed : last;
  }
}
