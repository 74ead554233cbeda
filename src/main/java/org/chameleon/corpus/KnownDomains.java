package org.chameleon.corpus;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Domains of an earlier reading of a corpus, with the files that they had then. Which rows a file
 * has of which domain is known as long as the file is the same and domains are called as they were.
 */
public final class KnownDomains {
  /** Nothing is known. */
  public static final KnownDomains NONE = new KnownDomains(new TreeMap<>(), List.of());

  private final SortedMap<String, Known> domains;
  private final SortedSet<String> names;
  private final Map<String, Set<String>> domainsOfFile;

  /**
   * What is known of a domain.
   *
   * @param sources its files and its rows in them
   * @param identity of these files, as {@link Corpus#identity} gives it; empty where the domain is
   *     not known any more, though its files still tell which domains they hold
   */
  public record Known(List<DomainFiles.Source> sources, String identity) {}

  /**
   * Creates the domains of an earlier reading: all of them, known or not.
   *
   * @param names what it said of the names of domains, as {@link Corpus#names} does
   */
  public KnownDomains(SortedMap<String, Known> domains, Collection<String> names) {
    this(domains, new TreeSet<>(names), byFile(domains));
  }

  private KnownDomains(
      SortedMap<String, Known> domains, SortedSet<String> names, Map<String, Set<String>> ofFile) {
    this.domains = domains;
    this.names = names;
    this.domainsOfFile = ofFile;
  }

  private static Map<String, Set<String>> byFile(SortedMap<String, Known> domains) {
    Map<String, Set<String>> result = new HashMap<>();
    domains.forEach(
        (name, known) ->
            known
                .sources()
                .forEach(
                    source ->
                        result.computeIfAbsent(source.path(), p -> new TreeSet<>()).add(name)));
    return result;
  }

  /**
   * Returns what tells the files of a domain from what they may become, as {@link Corpus#identity}
   * says.
   *
   * @param files of the corpus, by the paths that are shown
   */
  static String identity(List<DomainFiles.Source> sources, Map<String, CorpusFile> files) {
    StringBuilder text = new StringBuilder();
    for (DomainFiles.Source source : sources) {
      CorpusFile file = files.get(source.path());
      if (file == null) {
        return "";
      }
      text.append(file.path()).append('\t').append(file.bytes()).append('\t');
      text.append(file.modified()).append('\t').append(source.rows()).append('\t');
      text.append(file.domain()).append('\n');
    }
    return DigestUtils.sha256Hex(text.toString()).substring(0, 32);
  }

  /** Returns the names of the domains, in order. */
  SortedSet<String> names() {
    return new TreeSet<>(domains.keySet());
  }

  /** Returns those whose files are in a corpus as they were, and whose rows are called the same. */
  KnownDomains in(Map<String, CorpusFile> files, DomainNames called) {
    SortedSet<String> now = called.lines();
    SortedMap<String, Known> held = new TreeMap<>(domains);
    held.keySet()
        .removeIf(
            name ->
                !name.equals(called.of(name)) || !ofName(name, names).equals(ofName(name, now)));
    held.values()
        .removeIf(
            known ->
                known.identity().isEmpty()
                    || !known.identity().equals(identity(known.sources(), files)));
    return new KnownDomains(held, names, domainsOfFile);
  }

  /** Returns these, if files have no rows of further domains under other names; else none. */
  KnownDomains ifNoOthers(DomainNames called) {
    return called.lines().containsAll(names) ? this : NONE;
  }

  /** Returns the names of those that were found again in the same rows of their files. */
  SortedSet<String> again(Map<String, DomainFiles> found) {
    SortedSet<String> again = names();
    again.removeIf(
        name ->
            !found.containsKey(name)
                || !found.get(name).sources().equals(domains.get(name).sources()));
    return again;
  }

  /** Returns the names of those that have gained files and are otherwise as they were. */
  SortedSet<String> grown(Map<String, DomainFiles> found) {
    SortedSet<String> grown = names();
    grown.removeIf(
        name ->
            !found.containsKey(name)
                || !found.get(name).sources().containsAll(domains.get(name).sources()));
    return grown;
  }

  private static List<String> ofName(String domain, SortedSet<String> lines) {
    return lines.stream().filter(line -> DomainNames.isOf(line, domain)).toList();
  }

  /** Returns whether all domains that have rows in a file are known. */
  boolean tellsAllOf(CorpusFile file) {
    Set<String> there = domainsOf(file);
    return !there.isEmpty() && domains.keySet().containsAll(there);
  }

  private Set<String> domainsOf(CorpusFile file) {
    return domainsOfFile.getOrDefault(file.shownPath(), Set.of());
  }

  /** Returns those of which files that were read have no rows but in the files known. */
  KnownDomains asFoundIn(List<CorpusSplit> splits) {
    SortedMap<String, Known> still = new TreeMap<>(domains);
    for (CorpusSplit split : splits) {
      for (String domain : split.domainRows().keySet()) {
        if (!domainsOf(split.file()).contains(domain)) {
          still.remove(domain);
        }
      }
    }
    return new KnownDomains(still, names, domainsOfFile);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KnownDomains known && domains.equals(known.domains);
  }

  @Override
  public int hashCode() {
    return domains.hashCode();
  }
}
