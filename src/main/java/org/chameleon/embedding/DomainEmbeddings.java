package org.chameleon.embedding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.chameleon.config.InvalidInputException;

/**
 * The embeddings of all domains, by name: means of the distinct sample embeddings of each, exact
 * and the same bits for any partitioning.
 *
 * @param domains ordered by name
 */
public record DomainEmbeddings(List<DomainEmbedding> domains) {

  /** Copies the list. */
  public DomainEmbeddings {
    domains = List.copyOf(domains);
  }

  /**
   * Computes the means, on executors.
   *
   * @param states the columns of {@link DomainStates}
   * @throws InvalidInputException if there are none, or they differ in width
   */
  public static DomainEmbeddings of(Dataset<Row> states) {
    List<DomainEmbedding> domains =
        new ArrayList<>(
            State.of(states)
                .groupByKey()
                .map(domain -> State.embedding(domain._1, domain._2))
                .collect());
    if (domains.isEmpty()) {
      throw new InvalidInputException("Cannot average: there is no sample embedding.");
    }
    domains.sort(Comparator.comparing(DomainEmbedding::domain));
    requireOneWidth(domains);
    return new DomainEmbeddings(domains);
  }

  /**
   * Computes the means of the other hidden states, where more than one was read, by their indices.
   *
   * @param states the columns of {@link DomainStates}
   */
  public static SortedMap<Integer, DomainEmbeddings> ofOthers(Dataset<Row> states) {
    SortedMap<Integer, DomainEmbeddings> others = new TreeMap<>();
    List<Integer> layers = states.select(DomainStates.LAYERS).first().getList(0);
    for (int i = 0; i < layers.size(); i++) {
      others.put(layers.get(i), of(DomainStates.ofOther(states, i)));
    }
    return others;
  }

  private static void requireOneWidth(List<DomainEmbedding> domains) {
    int width = domains.get(0).mean().length;
    for (DomainEmbedding domain : domains) {
      if (domain.mean().length != width) {
        throw new InvalidInputException(
            "Cannot compare embeddings of width %d ('%s') and %d ('%s'). All must come from one proxy."
                .formatted(width, domains.get(0).domain(), domain.mean().length, domain.domain()));
      }
    }
  }

  /** Returns the means of the domains, in the order of their names. */
  public List<double[]> means() {
    return domains.stream().map(DomainEmbedding::mean).toList();
  }

  /** Returns the names of the domains, in order. */
  public List<String> names() {
    return domains.stream().map(DomainEmbedding::domain).toList();
  }
}
