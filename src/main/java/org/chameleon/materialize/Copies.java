package org.chameleon.materialize;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.sampling.Draws;

/**
 * How often each document is taken: for every whole pass once, and once more with the chance of the
 * remaining fraction. That, and the order, are decided by hashes of the seed and the document's
 * number, so they do not depend on where it is read.
 */
final class Copies implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double UNIT = 0x1p-53;

  private final Map<String, Double> epochs;
  private final Map<String, Long> seeds = new TreeMap<>();

  Copies(Map<String, Double> epochs, long seed) {
    this.epochs = new TreeMap<>(epochs);
    epochs.keySet().forEach(d -> seeds.put(d, Draws.seed(seed, "materialize", d)));
  }

  /** Returns how often the document is taken: floor or ceiling of its domain's epochs. */
  int of(String domain, long ordinal) {
    double passes = epochs.getOrDefault(domain, 0.0);
    int whole = (int) passes;
    double drawn = (hash(domain, ordinal) >>> 11) * UNIT;
    return drawn < passes - whole ? whole + 1 : whole;
  }

  /** Returns the place of a copy in the shuffled corpus. */
  long place(String domain, long ordinal, int copy) {
    return Draws.mix(hash(domain, ordinal) + copy + 1);
  }

  private long hash(String domain, long ordinal) {
    return Draws.mix(seeds.getOrDefault(domain, 0L) ^ Draws.mix(ordinal));
  }
}
