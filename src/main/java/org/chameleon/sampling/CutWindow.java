package org.chameleon.sampling;

import java.io.Serializable;

/**
 * A window with its place in the random order of all windows of its domain: lowest first.
 *
 * @param round for a draw by documents, how many windows of the document come before it
 * @param hash random number of its start
 * @param ordinal number of the document it starts in
 * @param offset token of that document it starts at
 * @param file file of that document
 * @param row row of that document
 * @param ids its tokens
 */
@SuppressWarnings("ArrayRecordComponent") // compared by place only
record CutWindow(long round, long hash, long ordinal, int offset, String file, long row, int[] ids)
    implements Comparable<CutWindow>, Serializable {

  @Override
  public int compareTo(CutWindow other) {
    int order = Long.compare(round, other.round);
    order = order != 0 ? order : Long.compare(hash, other.hash);
    order = order != 0 ? order : Long.compare(ordinal, other.ordinal);
    return order != 0 ? order : Integer.compare(offset, other.offset);
  }

  /**
   * Its place in the order, as far as a split's list is told by it.
   *
   * @param round as of the window
   * @param hash as of the window
   */
  record Place(long round, long hash) implements Comparable<Place>, Serializable {
    @Override
    public int compareTo(Place other) {
      int order = Long.compare(round, other.round);
      return order != 0 ? order : Long.compare(hash, other.hash);
    }
  }

  Place place() {
    return new Place(round, hash);
  }

  /** 128 bits of hash over the tokens: equal for exact duplicates, and for nothing else. */
  record Content(long high, long low) implements Serializable {}

  /** Returns what is equal for windows with the same tokens. */
  Content content() {
    long high = Draws.mix(ids.length);
    long low = Draws.mix(~high);
    for (int id : ids) {
      high = Draws.mix(high ^ id);
      low = Draws.mix(low + 0x632BE59BD9B4E019L * (id + 1L));
    }
    return new Content(high, low);
  }
}
