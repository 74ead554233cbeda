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
  /** Copies the list. */
  public Warning {
    domains = List.copyOf(domains);
  }
}
