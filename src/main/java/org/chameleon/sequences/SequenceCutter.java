package org.chameleon.sequences;

/**
 * Cuts a stream of ids into sequences of one length, each of which begins with the last id of the
 * one before, so that every id but the first is predicted once. What is left at the end is dropped.
 */
public final class SequenceCutter {
  private final int[] sequence;
  private int filled;

  /**
   * Creates a cutter.
   *
   * @param context ids of a sequence that are predicted; it has one more
   */
  public SequenceCutter(int context) {
    this.sequence = new int[context + 1];
  }

  /** Returns whether the next id is the first of the stream, which nothing predicts. */
  public boolean isAtStart() {
    return filled == 0;
  }

  /** Takes the next id; returns the sequence that it ends, for the caller to keep, or null. */
  public int[] add(int id) {
    sequence[filled++] = id;
    if (filled < sequence.length) {
      return null;
    }
    int[] whole = sequence.clone();
    sequence[0] = id;
    filled = 1;
    return whole;
  }
}
