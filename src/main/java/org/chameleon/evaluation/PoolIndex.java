package org.chameleon.evaluation;

import java.util.List;
import org.chameleon.config.InvalidInputException;

/**
 * What lies in a folder of sequences: a file for each domain, big-endian int32 ids one sequence
 * after another. The file {@code pool.json}, written last.
 *
 * @param context ids of a sequence that are predicted; it has one more
 * @param domains ordered by name
 */
record PoolIndex(int context, List<Domain> domains) {
  static final String FILE = "pool.json";

  /**
   * The sequences of a domain.
   *
   * @param name the domain
   * @param file in the folder; empty where there is no sequence
   * @param sequences how many there are
   * @param complete whether they are all that the domain has
   */
  record Domain(String name, String file, long sequences, boolean complete) {}

  /** Copies the list. */
  PoolIndex {
    domains = List.copyOf(domains);
  }

  /** Returns what is known of a domain. */
  Domain domain(String name) {
    return domains.stream()
        .filter(domain -> domain.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException("Cannot train on '%s': no such domain.".formatted(name)));
  }
}
