package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The table {@code embedding/states}: the exact sums of each domain's distinct embeddings, in
 * groups. States merge by adding, so a domain can come or go without the samples of the others;
 * everything that a mixture needs of the embeddings follows from them.
 *
 * <p>The columns are {@code domain string, group int, samples long, sums array<long>}: a group's
 * sums are 18 numbers for each coordinate, of which number j counts 2^(16 j - 149).
 */
public final class DomainStates {
  /** Name of the domain, string. */
  public static final String DOMAIN = "domain";

  /** Number of the group of samples, from 0, int. */
  public static final String GROUP = "group";

  /** Number of embeddings in the sums, long. */
  static final String SAMPLES = "samples";

  /** The sums' bins, {@code array<long>}. */
  static final String SUMS = "sums";

  /** Groups that the samples of a domain are split into to see how sure its mean is. */
  private static final int GROUPS = 16;

  private DomainStates() {}

  /**
   * Adds sample embeddings up with Spark SQL; embeddings of a domain that are identical count once.
   *
   * @param samples the columns of {@link Samples}
   */
  public static Dataset<Row> of(Dataset<Row> samples) {
    return samples
        .groupBy(col(Samples.DOMAIN), col(Samples.EMBEDDING))
        .agg(min(Samples.WINDOW).as(Samples.WINDOW))
        .withColumn(GROUP, pmod(col(Samples.WINDOW), lit(GROUPS)))
        .groupBy(col(Samples.DOMAIN), col(GROUP))
        .agg(ExactSum.function().apply(col(Samples.EMBEDDING).cast("array<double>")).as("state"))
        .select(
            col(Samples.DOMAIN).as(DOMAIN),
            col(GROUP),
            col("state." + SAMPLES),
            col("state." + SUMS));
  }
}
