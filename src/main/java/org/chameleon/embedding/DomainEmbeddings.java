package org.chameleon.embedding;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  /** Groups that the samples of a domain are split into to see how sure its mean is. */
  private static final int GROUPS = 16;

  private static final String GROUP = "group";
  private static final int WHOLE = -1;

  /** Copies the list. */
  public DomainEmbeddings {
    domains = List.copyOf(domains);
  }

  /**
   * Averages sample embeddings with Spark SQL; embeddings of a domain that are identical count
   * once.
   *
   * @param samples the columns of {@link Samples}
   * @throws InvalidInputException if there are none, or they differ in width
   */
  public static DomainEmbeddings of(Dataset<Row> samples) {
    List<Row> rows =
        samples
            .groupBy(col(Samples.DOMAIN), col(Samples.EMBEDDING))
            .agg(min(Samples.WINDOW).as(Samples.WINDOW))
            .withColumn(GROUP, explode(array(lit(WHOLE), pmod(col(Samples.WINDOW), lit(GROUPS)))))
            .groupBy(Samples.DOMAIN, GROUP)
            .agg(
                ExactMean.function().apply(col(Samples.EMBEDDING).cast("array<double>")).as("mean"))
            .select(Samples.DOMAIN, GROUP, "mean.mean", "mean.samples")
            .orderBy(Samples.DOMAIN, GROUP)
            .collectAsList();
    if (rows.isEmpty()) {
      throw new InvalidInputException("Cannot average: there is no sample embedding.");
    }
    Map<String, List<Row>> byDomain = new TreeMap<>();
    rows.forEach(r -> byDomain.computeIfAbsent(r.getString(0), d -> new ArrayList<>()).add(r));
    List<DomainEmbedding> domains = new ArrayList<>();
    byDomain.forEach((domain, parts) -> domains.add(domain(domain, parts)));
    requireOneWidth(domains);
    return new DomainEmbeddings(domains);
  }

  private static DomainEmbedding domain(String name, List<Row> parts) {
    List<double[]> groups = new ArrayList<>();
    parts.subList(1, parts.size()).forEach(row -> groups.add(vector(row)));
    Row whole = parts.get(0);
    return new DomainEmbedding(name, whole.getLong(3), vector(whole), groups);
  }

  private static double[] vector(Row row) {
    List<Double> values = row.getList(2);
    return values.stream().mapToDouble(Double::doubleValue).toArray();
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

  /** Returns the names of the domains, in order. */
  public List<String> names() {
    return domains.stream().map(DomainEmbedding::domain).toList();
  }
}
