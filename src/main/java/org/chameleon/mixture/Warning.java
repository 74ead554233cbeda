package org.chameleon.mixture;

import java.util.List;

/**
 * Something that the reader of a mixture should know.
 *
 * @param code a constant name for programs
 * @param domains the domains it is about
 * @param message one or two sentences for people
 */
public record Warning(String code, List<String> domains, String message) {
  /** Domains that are named where a warning is read. */
  private static final int MOST_NAMED = 20;

  /** Returns the names of the domains as they are read: not all of very many. */
  public String about() {
    String first = String.join(", ", domains.subList(0, Math.min(MOST_NAMED, domains.size())));
    int more = domains.size() - MOST_NAMED;
    return more > 0 ? "%s and %,d more".formatted(first, more) : first;
  }

  /** Copies the list. */
  public Warning {
    domains = List.copyOf(domains);
  }
}
