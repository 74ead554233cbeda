package org.chameleon.sampling;

import java.io.Serializable;
import java.util.List;

/**
 * What splits found of a domain, without the tokens of its windows: enough to choose by. Those of
 * several splits merge.
 */
final class Candidates implements Serializable {
  private final Lowest<Candidate> lowest;
  private TokenSums read;
  private CutWindow.Place behind;

  /**
   * Where a window is, and its place in the order of its domain.
   *
   * @param round as of the window's start
   * @param hash as of the window's start
   * @param ordinal as of the window's start
   * @param offset as of the window's start
   * @param high of its content
   * @param low of its content
   * @param part partition of the cuts that it is in
   * @param cut number of its cut there
   * @param index its number in that cut
   */
  record Candidate(
      long round,
      long hash,
      long ordinal,
      int offset,
      long high,
      long low,
      int part,
      int cut,
      int index)
      implements Lowest.Window, Comparable<Candidate>, Serializable {
    @Override
    public CutWindow.Content content() {
      return new CutWindow.Content(high, low);
    }

    CutWindow.Place place() {
      return new CutWindow.Place(round, hash);
    }

    @Override
    public int compareTo(Candidate other) {
      int order = place().compareTo(other.place());
      order = order != 0 ? order : Long.compare(ordinal, other.ordinal);
      return order != 0 ? order : Integer.compare(offset, other.offset);
    }
  }

  /**
   * What was found of a domain.
   *
   * @param read the tokens of its documents that were read
   * @param count windows that were chosen
   * @param last place of the last of them; null if there is none
   * @param behind lowest place behind which a split has windows that it did not keep; null if there
   *     is none
   */
  record Found(TokenSums read, long count, CutWindow.Place last, CutWindow.Place behind)
      implements Serializable {
    static final Found NONE = new Found(TokenSums.NONE, 0, null, null);

    /**
     * Returns whether a split has a window before the last, or before one that is missing, that it
     * did not keep.
     */
    boolean mayMiss(long wanted) {
      return behind != null && (count < wanted || behind.compareTo(last) < 0);
    }
  }

  private Candidates(int wanted, TokenSums read, CutWindow.Place behind) {
    this.lowest = new Lowest<>(wanted);
    this.read = read;
    this.behind = behind;
  }

  /**
   * Returns those of a cut.
   *
   * @param wanted most windows of the domain
   * @param part partition of the cut
   * @param number of the cut there
   */
  static Candidates of(WindowCutter.Cut cut, int wanted, int part, int number) {
    Candidates candidates = new Candidates(wanted, cut.read(), cut.last());
    int index = 0;
    for (CutWindow window : cut.windows()) {
      CutWindow.Start start = window.start();
      CutWindow.Content content = window.content();
      candidates.lowest.add(
          new Candidate(
              start.round(),
              start.hash(),
              start.ordinal(),
              start.offset(),
              content.high(),
              content.low(),
              part,
              number,
              index++));
    }
    return candidates;
  }

  /** Takes those of other cuts, and returns itself. */
  Candidates merge(Candidates others) {
    others.lowest.list().forEach(lowest::add);
    read = read.plus(others.read);
    if (behind == null || (others.behind != null && others.behind.compareTo(behind) < 0)) {
      behind = others.behind;
    }
    return this;
  }

  /** Returns the first windows of the domain, no two with the same tokens. */
  List<Candidate> chosen() {
    return lowest.list();
  }

  Found found() {
    List<Candidate> chosen = chosen();
    CutWindow.Place last = chosen.isEmpty() ? null : chosen.get(chosen.size() - 1).place();
    return new Found(read, chosen.size(), last, behind);
  }
}
