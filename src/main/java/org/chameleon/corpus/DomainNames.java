package org.chameleon.corpus;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the domains of rows and folders are called: some are left out, some are taken together. The
 * domains that the configuration names itself, with their paths, are called as it calls them.
 *
 * @param leftOut names whose rows are in no domain
 * @param merged the name of the domain that each of these names belongs to
 */
record DomainNames(Set<String> leftOut, Map<String, String> merged) implements Serializable {
  /** Every domain is called as it is found. */
  static final DomainNames AS_FOUND = new DomainNames(Set.of(), Map.of());

  DomainNames {
    leftOut = new TreeSet<>(leftOut);
    merged = new TreeMap<>(merged);
  }

  /** Returns the names that a configuration gives. */
  static DomainNames of(List<String> leaveOut, Map<String, List<String>> merge) {
    Map<String, String> merged = new TreeMap<>();
    merge.forEach((name, members) -> members.forEach(member -> merged.put(member, name)));
    return new DomainNames(Set.copyOf(leaveOut), merged);
  }

  /** Returns what a domain is called that is found under a name; null if it is left out. */
  String of(String found) {
    return leftOut.contains(found) ? null : merged.getOrDefault(found, found);
  }

  /**
   * Returns a line for each name that is not a domain's own: what was named so has no domain, or
   * that of the line. Files that were read under some of these lines have no rows of further
   * domains under more of them.
   */
  SortedSet<String> lines() {
    SortedSet<String> lines = new TreeSet<>();
    leftOut.forEach(name -> lines.add("leave-out: " + name));
    merged.forEach((name, whole) -> lines.add("merge into " + whole + ": " + name));
    return lines;
  }

  /** Returns whether a line is about what belongs to a domain. */
  static boolean isOf(String line, String domain) {
    return line.startsWith("merge into " + domain + ": ");
  }
}
