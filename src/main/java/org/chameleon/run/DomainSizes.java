package org.chameleon.run;

import java.util.List;
import java.util.Set;
import org.chameleon.corpus.CorpusTable;
import org.chameleon.corpus.LeftOut;
import org.chameleon.sampling.DomainSize;

/**
 * What is known of the sizes of all domains: the content of {@code sample/domains.json} and of
 * {@code tokens.json}.
 *
 * @param domains ordered by name; none where there is no corpus
 * @param tables that their files belong to, at the version that was read
 * @param leftOut what lies where the corpus does and was not read
 */
public record DomainSizes(
    List<DomainSize> domains, List<CorpusTable> tables, List<LeftOut> leftOut) {
  /** Nothing. */
  public static final DomainSizes UNKNOWN = new DomainSizes(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public DomainSizes {
    domains = List.copyOf(domains);
    tables = List.copyOf(tables);
    leftOut = List.copyOf(leftOut);
  }

  /** Returns the sizes of some of the domains, if all their documents were read. */
  public List<DomainSize> readWhole(Set<String> names) {
    return domains.stream().filter(d -> names.contains(d.name()) && d.wasReadWhole()).toList();
  }
}
