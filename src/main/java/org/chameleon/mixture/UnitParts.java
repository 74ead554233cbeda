package org.chameleon.mixture;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.EmbeddingParts;

/**
 * The units of many domains: those that are alone, where their embeddings are, and behind them the
 * families, which are few, on the driver.
 *
 * @param parts of all domains
 * @param inFamilies domains that are not alone
 * @param families in the order of their names
 */
record UnitParts(EmbeddingParts parts, HashSet<String> inFamilies, List<Units.Unit> families) {
  /** What is computed of a part. */
  @FunctionalInterface
  interface Work<T> extends Serializable {
    T of(Iterator<Units.Unit> units);
  }

  /**
   * Returns the units of families.
   *
   * @param tokens of each domain; empty where not known, then the domains of a family count alike
   * @param families domains of each, by its name
   * @param names of all domains
   * @throws InvalidInputException if a family has a domain that there is not, or that another has
   */
  static UnitParts of(
      EmbeddingParts parts,
      Map<String, Long> tokens,
      Map<String, List<String>> families,
      List<String> names) {
    HashSet<String> members = new HashSet<>();
    Set<String> all = families.isEmpty() ? Set.of() : new HashSet<>(names);
    families.forEach(
        (family, domains) -> {
          for (String domain : domains) {
            if (!all.contains(domain)) {
              throw new InvalidInputException(
                  "Cannot mix: mixture.families.%s has domain '%s', and there is none among the %,d. Correct the name."
                      .formatted(family, domain, names.size()));
            }
            if (!members.add(domain)) {
              throw new InvalidInputException(
                  "Cannot mix: domain '%s' is in mixture.families.%s and in another. Remove it from one."
                      .formatted(domain, family));
            }
          }
        });
    Map<String, DomainEmbedding> found = new HashMap<>();
    if (!members.isEmpty()) {
      for (ArrayList<DomainEmbedding> part : parts.each(part -> among(part, members))) {
        part.forEach(domain -> found.put(domain.domain(), domain));
      }
    }
    List<Units.Unit> units = new ArrayList<>();
    new TreeMap<>(families)
        .forEach(
            (name, domains) ->
                units.add(
                    Units.unit(name, domains.stream().sorted().map(found::get).toList(), tokens)));
    return new UnitParts(parts, members, units);
  }

  private static ArrayList<DomainEmbedding> among(
      Iterator<DomainEmbedding> part, HashSet<String> names) {
    ArrayList<DomainEmbedding> among = new ArrayList<>();
    part.forEachRemaining(
        domain -> {
          if (names.contains(domain.domain())) {
            among.add(domain);
          }
        });
    return among;
  }

  /** Returns what comes of each part, families last. */
  <T> List<T> each(Work<T> work) {
    HashSet<String> left = inFamilies;
    List<T> all = new ArrayList<>(parts.each(part -> work.of(new Alone(part, left))));
    if (!families.isEmpty()) {
      all.add(work.of(families.iterator()));
    }
    return all;
  }

  /** Returns the sum over all parts, families last. */
  double[] sum(Work<double[]> work) {
    HashSet<String> left = inFamilies;
    double[] sum = parts.sum(part -> work.of(new Alone(part, left)));
    if (!families.isEmpty()) {
      double[] more = work.of(families.iterator());
      Arrays.setAll(sum, i -> sum[i] + more[i]);
    }
    return sum;
  }

  /** The domains of a part that are in no family. */
  private static final class Alone implements Iterator<Units.Unit> {
    private final Iterator<DomainEmbedding> part;
    private final Set<String> left;
    private DomainEmbedding next;

    Alone(Iterator<DomainEmbedding> part, Set<String> left) {
      this.part = part;
      this.left = left;
      advance();
    }

    private void advance() {
      do {
        next = part.hasNext() ? part.next() : null;
      } while (next != null && left.contains(next.domain()));
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Units.Unit next() {
      Units.Unit unit = Units.unit(next.domain(), List.of(next), Map.of());
      advance();
      return unit;
    }
  }
}
