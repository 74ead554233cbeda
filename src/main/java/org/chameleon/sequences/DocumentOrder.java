package org.chameleon.sequences;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.sampling.Draws;

/**
 * The random order of the documents of each domain. A long one stands in it as several pieces, so
 * that what is read first of a domain is not one book.
 */
public final class DocumentOrder implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sequences that a piece fills. */
  private static final int SEQUENCES = 16;

  private final Map<String, Domain> domains = new HashMap<>();
  private final int length;

  /** Which one it is in the order of the names, and the seed of its order. */
  private record Domain(int number, long seed) implements Serializable {}

  /**
   * Creates an order.
   *
   * @param names of the domains, in the order of their numbers
   * @param purpose what it is for: another purpose, another order
   * @param context ids of a sequence that are predicted
   */
  public DocumentOrder(Collection<String> names, long seed, String purpose, int context) {
    names.forEach(
        name -> domains.put(name, new Domain(domains.size(), Draws.seed(seed, purpose, name))));
    this.length = SEQUENCES * context;
  }

  /**
   * A part of a document.
   *
   * @param place where it stands
   * @param start its first token
   * @param end behind its last
   */
  public record Piece(PoolWriter.Place place, int start, int end) {}

  /** Returns a partition for each domain. */
  public PoolWriter.ByDomain partitioner() {
    return new PoolWriter.ByDomain(domains.size());
  }

  /**
   * Cuts a document.
   *
   * @param ordinal number of the document
   * @param tokens how many it has
   */
  public List<Piece> cut(String domain, long ordinal, int tokens) {
    Domain of = domains.get(domain);
    long document = Draws.mix(of.seed() ^ Draws.mix(ordinal));
    List<Piece> pieces = new ArrayList<>();
    for (int start = 0; start < tokens; start += length) {
      PoolWriter.Place place =
          new PoolWriter.Place(of.number(), Draws.mix(document + start), ordinal, start);
      pieces.add(new Piece(place, start, Math.min(tokens, start + length)));
    }
    return pieces;
  }
}
