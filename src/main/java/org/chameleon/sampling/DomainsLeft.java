package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chameleon.corpus.DomainFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Domains of which windows are still to be found, and what was found of the others. A domain that
 * has too few in the documents that were read is read with more of them; one whose windows lie in
 * few of its splits, with all that each of them has.
 */
final class DomainsLeft {
  private static final Logger LOG = LoggerFactory.getLogger(DomainsLeft.class);
  private static final long MORE_DOCUMENTS = 4;

  private final SortedMap<String, DomainFiles> domains;
  private final Map<String, Integer> wanted;
  private final SortedMap<String, Long> times = new TreeMap<>();
  private final Set<String> inFull = new TreeSet<>();
  private final Map<String, DomainSize> sizes = new HashMap<>();

  /**
   * Begins with all domains.
   *
   * @param wanted windows by domain; others are left out
   */
  DomainsLeft(Map<String, DomainFiles> domains, Map<String, Integer> wanted) {
    this.domains = new TreeMap<>(domains);
    this.domains.keySet().retainAll(wanted.keySet());
    this.wanted = wanted;
    this.domains.keySet().forEach(domain -> times.put(domain, 1L));
  }

  boolean isEmpty() {
    return times.isEmpty();
  }

  /** Returns the domains, in order, and the windows wanted of each. */
  SortedMap<String, Integer> wanted() {
    SortedMap<String, Integer> left = new TreeMap<>(wanted);
    left.keySet().retainAll(times.keySet());
    return left;
  }

  /** Returns how many documents to read of a domain, of those read for each window at first. */
  long documents(String domain, int perWindow) {
    return (long) wanted.get(domain) * perWindow * times.get(domain);
  }

  /** Returns whether each split of a domain is to keep as many windows as are wanted in all. */
  boolean isReadInFull(String domain) {
    return inFull.contains(domain);
  }

  /**
   * Notes what was found.
   *
   * @param read how many documents were read of each domain
   * @return domains that are not left any more
   */
  Set<String> settle(Map<String, Integer> read, Map<String, Candidates.Found> found) {
    Set<String> done = new TreeSet<>();
    read.forEach(
        (domain, documents) -> {
          Candidates.Found now = found.getOrDefault(domain, Candidates.Found.NONE);
          DomainFiles files = domains.get(domain);
          if (!inFull.contains(domain) && now.mayMiss(wanted.get(domain))) {
            LOG.info(
                "sample: domain '{}' is read again: its windows lie in few of its files", domain);
            inFull.add(domain);
          } else if (documents == files.rows() || now.count() >= wanted.get(domain)) {
            TokenSums drawn = now.read().withDrawn(documents);
            sizes.put(domain, DomainSize.of(files, drawn).withWindows(now.count()));
            done.add(domain);
            times.remove(domain);
          } else {
            times.merge(domain, MORE_DOCUMENTS, Math::multiplyExact);
          }
        });
    return done;
  }

  /** Returns the sizes of all domains, when none is left. */
  List<DomainSize> sizes() {
    List<DomainSize> inOrder = new ArrayList<>();
    domains.keySet().forEach(domain -> inOrder.add(sizes.get(domain)));
    return inOrder;
  }
}
