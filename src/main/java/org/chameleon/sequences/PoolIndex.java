package org.chameleon.sequences;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies in a folder of sequences: a file for each domain, big-endian int32 ids one sequence
 * after another. The file {@code pool.json}, written last.
 *
 * @param context ids of a sequence that are predicted; it has one more
 * @param domains ordered by name
 */
public record PoolIndex(int context, List<Domain> domains) {
  static final String FILE = "pool.json";

  /**
   * The sequences of a domain.
   *
   * @param name the domain
   * @param file in the folder; empty where there is no sequence
   * @param sequences how many there are
   * @param complete whether they are all that the domain has
   */
  public record Domain(String name, String file, long sequences, boolean complete) {}

  /** Returns the number of sequences of each domain. */
  public SortedMap<String, Long> sequences() {
    SortedMap<String, Long> sequences = new TreeMap<>();
    domains.forEach(domain -> sequences.put(domain.name(), domain.sequences()));
    return sequences;
  }

  /** Copies the list. */
  public PoolIndex {
    domains = List.copyOf(domains);
  }
}
