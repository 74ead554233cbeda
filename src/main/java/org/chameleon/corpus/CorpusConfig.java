package org.chameleon.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chameleon.config.Range;

/**
 * Where the documents are and how they are split into domains.
 *
 * @param path files, folders or globs whose domain stands in a column or in the folder {@code
 *     <domainColumn>=<name>}
 * @param domains files, folders or globs of each domain, by its name; files that {@code path} finds
 *     too are these domains'
 * @param domainColumn the column, or partition folder, that names the domain
 * @param textColumn the column of the documents' text, when {@code tokensColumn} is unset
 * @param tokensColumn the column of the documents' token ids in the proxy's vocabulary
 * @param badRows what happens to rows without usable text
 * @param zstdWindowLog largest window of Zstandard files, a power of two: bytes that a task needs
 * @param heldOut documents that are kept out of training and sampling
 * @param leaveOut domains of {@code path} that are left out
 * @param merge domains of {@code path} that are taken together, by the name of the whole
 */
public record CorpusConfig(
    List<String> path,
    Map<String, List<String>> domains,
    String domainColumn,
    String textColumn,
    Optional<String> tokensColumn,
    BadRows badRows,
    @Range(min = 10, max = 31) int zstdWindowLog,
    HeldOutConfig heldOut,
    List<String> leaveOut,
    Map<String, List<String>> merge) {

  /** Refuses domains without a name, and those that would be in two. */
  public CorpusConfig {
    path = List.copyOf(path);
    domains = Map.copyOf(domains);
    leaveOut = List.copyOf(leaveOut);
    merge = Map.copyOf(merge);
    if (domains.containsKey("") || merge.containsKey("")) {
      throw new IllegalArgumentException("domains has an empty name; name every domain.");
    }
    if (path.isEmpty() && !(leaveOut.isEmpty() && merge.isEmpty())) {
      throw new IllegalArgumentException(
          "has leave-out or merge, which are about the domains of a path, and no path; take domains"
              + " out of 'domains', or give several paths to one.");
    }
    Set<String> members = new TreeSet<>();
    new TreeMap<>(merge)
        .forEach((name, merged) -> merged.forEach(member -> requireOnce(members, member, name)));
  }

  private static void requireOnce(Set<String> members, String member, String name) {
    if (!members.add(member)) {
      throw new IllegalArgumentException(
          "merge.%s has the domain '%s', which is there already; name each once."
              .formatted(name, member));
    }
  }

  /** Returns documents of the same form elsewhere, as one domain; none of them is held out. */
  public CorpusConfig only(String domain, String elsewhere) {
    return new CorpusConfig(
        List.of(),
        Map.of(domain, List.of(elsewhere)),
        domainColumn,
        textColumn,
        tokensColumn,
        badRows,
        zstdWindowLog,
        HeldOutConfig.OFF,
        List.of(),
        Map.of());
  }

  /** Returns documents of the same form in other places, with other domains. */
  public CorpusConfig with(
      List<String> otherPath,
      Map<String, List<String>> otherDomains,
      List<String> otherLeaveOut,
      Map<String, List<String>> otherMerge) {
    return new CorpusConfig(
        otherPath,
        otherDomains,
        domainColumn,
        textColumn,
        tokensColumn,
        badRows,
        zstdWindowLog,
        heldOut,
        otherPath.isEmpty() ? List.of() : otherLeaveOut,
        otherPath.isEmpty() ? Map.of() : otherMerge);
  }

  /** Returns whether any corpus is given at all. */
  public boolean given() {
    return !path.isEmpty() || !domains.isEmpty();
  }

  /** Returns what decides which documents there are; some of them may be held out. */
  public List<Object> inputs() {
    List<Object> inputs = new ArrayList<>(List.of(path, domains));
    inputs.addAll(reading());
    inputs.addAll(List.of(leaveOut, merge));
    return inputs;
  }

  /** Returns what decides which documents a file has. */
  public List<Object> reading() {
    return List.of(domainColumn, textColumn, tokensColumn, badRows);
  }

  DomainNames names() {
    return DomainNames.of(leaveOut, merge);
  }

  /** Returns the columns that readers need. */
  Columns columns() {
    return new Columns(
        domainColumn,
        tokensColumn.orElse(textColumn),
        tokensColumn.isPresent(),
        badRows,
        zstdWindowLog,
        names());
  }
}
