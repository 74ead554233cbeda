package org.chameleon.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.chameleon.sampling.Draws;

/**
 * The random order of documents. A long one stands in it as several pieces, so that what is read
 * first of a domain is not one book.
 *
 * @param seed of the domain's order
 * @param length most tokens of a piece
 */
record Pieces(long seed, int length) implements Serializable {
  /** Sequences that a piece fills. */
  private static final int SEQUENCES = 16;

  /** Returns the order of a domain's documents. */
  static Pieces of(long seed, String purpose, String domain, int context) {
    return new Pieces(Draws.seed(seed, purpose, domain), SEQUENCES * context);
  }

  /**
   * A part of a document.
   *
   * @param order first what is lowest
   * @param start its first token
   * @param end behind its last
   */
  record Piece(long order, int start, int end) {}

  /**
   * Cuts a document.
   *
   * @param ordinal number of the document
   * @param tokens how many it has
   */
  List<Piece> cut(long ordinal, int tokens) {
    long document = Draws.mix(seed ^ Draws.mix(ordinal));
    List<Piece> pieces = new ArrayList<>();
    for (int start = 0; start < tokens; start += length) {
      pieces.add(new Piece(Draws.mix(document + start), start, Math.min(tokens, start + length)));
    }
    return pieces;
  }
}
