package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.sampling.Windows;

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

  /** The columns in their order. */
  public static final StructType SCHEMA =
      new StructType()
          .add(DOMAIN, DataTypes.StringType, false)
          .add(GROUP, DataTypes.IntegerType, false)
          .add(SAMPLES, DataTypes.LongType, false)
          .add(SUMS, DataTypes.createArrayType(DataTypes.LongType, false), false);

  /**
   * Groups that the samples of a domain are split into to see how sure its mean is. What is drawn
   * together, the windows of a document, is in one.
   */
  private static final int GROUPS = 16;

  private DomainStates() {}

  /**
   * Adds the embeddings of windows up with Spark SQL; embeddings of a domain that are identical
   * count once. The group of a window is that of the document that it starts in, by the document's
   * row and the name of its file, wherever that lies.
   *
   * @param samples the columns of {@link Samples}
   * @param windows the columns of {@link Windows}, of the same windows
   * @param seed of the groups
   */
  public static Dataset<Row> of(Dataset<Row> samples, Dataset<Row> windows, long seed) {
    Column file = substring_index(col(Windows.FILE), "/", -1);
    Dataset<Row> groups =
        windows.select(
            col(Windows.DOMAIN), col(Windows.WINDOW), group(seed, file, col(Windows.ROW)));
    return summed(samples.join(groups, new String[] {Samples.DOMAIN, Samples.WINDOW}, "inner"));
  }

  /**
   * Adds embeddings up of which it is not known what they are of: each is in a group of its own
   * hash.
   *
   * @param samples the columns of {@link Samples}
   * @param seed of the groups
   */
  public static Dataset<Row> of(Dataset<Row> samples, long seed) {
    return summed(
        samples.select(
            col(Samples.DOMAIN),
            col(Samples.WINDOW),
            col(Samples.EMBEDDING),
            group(seed, col(Samples.EMBEDDING))));
  }

  private static Column group(long seed, Column... of) {
    Column[] hashed = new Column[of.length + 1];
    hashed[0] = lit(seed);
    System.arraycopy(of, 0, hashed, 1, of.length);
    return pmod(xxhash64(hashed), lit(GROUPS)).cast("int").as(GROUP);
  }

  private static Dataset<Row> summed(Dataset<Row> samples) {
    return samples
        .groupBy(col(Samples.DOMAIN), col(Samples.EMBEDDING))
        .agg(min(struct(col(Samples.WINDOW), col(GROUP))).as("first"))
        .withColumn(GROUP, col("first." + GROUP))
        .groupBy(col(Samples.DOMAIN), col(GROUP))
        .agg(ExactSum.function().apply(col(Samples.EMBEDDING).cast("array<double>")).as("state"))
        .select(
            col(Samples.DOMAIN).as(DOMAIN),
            col(GROUP),
            col("state." + SAMPLES),
            col("state." + SUMS));
  }
}
