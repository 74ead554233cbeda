package org.chameleon.sampling;

import java.io.Serializable;

/**
 * A window.
 *
 * @param start where it begins
 * @param content what is equal for windows with the same tokens
 * @param ids its tokens
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record CutWindow(Start start, Content content, int[] ids) implements Serializable {

  /**
   * Where a window begins, with its place in the random order of all windows of its domain: lowest
   * first.
   *
   * @param round for a draw by documents, how many windows of the document come before it
   * @param hash random number of its start
   * @param ordinal number of the document it starts in
   * @param offset token of that document it starts at
   * @param file file of that document
   * @param row row of that document
   */
  record Start(long round, long hash, long ordinal, int offset, String file, long row)
      implements Comparable<Start>, Serializable {
    @Override
    public int compareTo(Start other) {
      int order = Long.compare(round, other.round);
      order = order != 0 ? order : Long.compare(hash, other.hash);
      order = order != 0 ? order : Long.compare(ordinal, other.ordinal);
      return order != 0 ? order : Integer.compare(offset, other.offset);
    }

    Place place() {
      return new Place(round, hash);
    }
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

  /** 128 bits of hash over the tokens: equal for exact duplicates, and for nothing else. */
  record Content(long high, long low) implements Serializable {
    /** Returns what is equal for windows with the same tokens. */
    static Content of(int[] ids, int from, int length) {
      long high = Draws.mix(length);
      long low = Draws.mix(~high);
      for (int i = from; i < from + length; i++) {
        high = Draws.mix(high ^ ids[i]);
        low = Draws.mix(low + 0x632BE59BD9B4E019L * (ids[i] + 1L));
      }
      return new Content(high, low);
    }
  }
}
