package org.chameleon.embedding;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.InvalidInputException;
import org.chameleon.sampling.Windows;

/**
 * The table {@code embedding/states}: the exact sums of each domain's distinct embeddings, in
 * groups. States merge by adding, so a domain can come or go without the samples of the others;
 * everything that a mixture needs of the embeddings follows from them.
 *
 * <p>The columns are {@code domain string, group int, samples long, width int, sums array<double>,
 * layers array<int>, others array<double>}: a group's sum of a coordinate is that of so many
 * doubles one after the other, of which the first is the sum correctly rounded.
 */
public final class DomainStates {
  /** Name of the domain, string. */
  public static final String DOMAIN = "domain";

  /** Number of the group of samples, from 0, int. */
  public static final String GROUP = "group";

  /** Number of embeddings in the sums, long. */
  static final String SAMPLES = "samples";

  /** Number of coordinates, int. */
  static final String WIDTH = "width";

  /** The sums, in as many terms for each coordinate as the longest needs, {@code array<double>}. */
  static final String SUMS = "sums";

  /** Indices of the other hidden states, {@code array<int>}; empty where one is read. */
  static final String LAYERS = Samples.LAYERS;

  /** The sums of those, one state after the other, {@code array<double>}. */
  static final String OTHERS = Samples.OTHERS;

  /** The columns in their order. */
  public static final StructType SCHEMA =
      new StructType()
          .add(DOMAIN, DataTypes.StringType, false)
          .add(GROUP, DataTypes.IntegerType, false)
          .add(SAMPLES, DataTypes.LongType, false)
          .add(WIDTH, DataTypes.IntegerType, false)
          .add(SUMS, DataTypes.createArrayType(DataTypes.DoubleType, false), false)
          .add(LAYERS, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add(OTHERS, DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  /**
   * Groups that the samples of a domain are split into to see how sure its mean is. What is drawn
   * together, the windows of a document, is in one.
   */
  private static final int GROUPS = 16;

  /** Repeated embeddings that are sent to all executors. */
  private static final int MOST_BROADCAST = 1_000_000;

  private DomainStates() {}

  /**
   * Adds {@link Samples#GROUP} to windows: the group of a window is that of the document that it
   * starts in, by the document's row and the name of its file, wherever that lies.
   *
   * @param windows the columns of {@link Windows}
   * @param seed of the groups
   */
  public static Dataset<Row> withGroups(Dataset<Row> windows, long seed) {
    Column file = substring_index(col(Windows.FILE), "/", -1);
    return windows.withColumn(Samples.GROUP, group(seed, file, col(Windows.ROW)));
  }

  /**
   * Adds embeddings up of which it is not known what they are of: each is in a group of its own
   * hash.
   *
   * @param samples the columns {@code domain, window, embedding}
   * @param seed of the groups
   */
  public static Dataset<Row> of(Dataset<Row> samples, long seed) {
    Column group = group(seed, col(Samples.EMBEDDING));
    return of(samples.withColumn(Samples.GROUP, group), List.of());
  }

  /** Returns the states of another hidden state, by its place among those that are read. */
  static Dataset<Row> ofOther(Dataset<Row> states, int place) {
    Column width = floor(size(col(OTHERS)).divide(size(col(LAYERS)))).cast("int");
    return states.withColumn(SUMS, slice(col(OTHERS), width.multiply(place).plus(1), width));
  }

  /**
   * Adds the embeddings of windows up with Spark SQL; embeddings of a domain that are identical
   * count once.
   *
   * @param samples the columns of {@link Samples}
   * @param layers indices of the other hidden states that are read
   */
  public static Dataset<Row> of(Dataset<Row> samples, List<Integer> layers) {
    Column sums = layers.isEmpty() ? array() : sum(col(Samples.OTHERS)).getField(SUMS);
    Column[] indices = layers.stream().map(functions::lit).toArray(Column[]::new);
    return distinct(samples)
        .groupBy(col(Samples.DOMAIN), col(Samples.GROUP).as(GROUP))
        .agg(
            sum(col(Samples.EMBEDDING)).as("state"),
            sums.cast(SCHEMA.apply(OTHERS).dataType()).as(OTHERS))
        .select(
            col(Samples.DOMAIN).as(DOMAIN),
            col(GROUP),
            col("state." + SAMPLES),
            col("state." + WIDTH),
            col("state." + SUMS),
            array(indices).cast(SCHEMA.apply(LAYERS).dataType()).as(LAYERS),
            col(OTHERS));
  }

  /**
   * Leaves out all but the first window of those with the same embedding. They are told by 128 bits
   * of hashes, so that no embedding leaves its executor for it.
   */
  private static Dataset<Row> distinct(Dataset<Row> samples) {
    Dataset<Row> hashed =
        samples
            .withColumn("one", xxhash64(lit(1L), col(Samples.EMBEDDING)))
            .withColumn("other", xxhash64(lit(2L), col(Samples.EMBEDDING)));
    Dataset<Row> repeated =
        hashed
            .groupBy(col(Samples.DOMAIN), col("one"), col("other"))
            .agg(min(col(Samples.WINDOW)).as("first"), count(lit(1)).as("times"))
            .where(col("times").gt(1))
            .drop("times");
    List<Row> few = repeated.takeAsList(MOST_BROADCAST + 1);
    if (few.isEmpty()) {
      return samples;
    }
    Dataset<Row> known =
        few.size() <= MOST_BROADCAST
            ? functions.broadcast(samples.sparkSession().createDataFrame(few, repeated.schema()))
            : repeated;
    String[] same = {Samples.DOMAIN, "one", "other"};
    Dataset<Row> firstOfSeveral =
        hashed
            .join(known, same, "inner")
            .where(col("first").equalTo(col(Samples.WINDOW)))
            .drop("first")
            .dropDuplicates(same);
    return hashed.join(known, same, "left_anti").unionByName(firstOfSeveral);
  }

  /**
   * Counts domains.
   *
   * @throws InvalidInputException if there are none, or they differ in width
   */
  public static long domains(Dataset<Row> states) {
    List<Row> widths =
        states.groupBy(col(WIDTH)).agg(min(col(DOMAIN)).as(DOMAIN)).orderBy(DOMAIN).collectAsList();
    if (widths.isEmpty()) {
      throw new InvalidInputException("Cannot average: there is no sample embedding.");
    }
    if (widths.size() > 1) {
      Row one = widths.get(0);
      Row other = widths.get(1);
      throw new InvalidInputException(
          "Cannot compare embeddings of width %d ('%s') and %d ('%s'). All must come from one proxy."
              .formatted(one.getInt(0), one.getString(1), other.getInt(0), other.getString(1)));
    }
    return states.select(DOMAIN).distinct().count();
  }

  private static Column group(long seed, Column... of) {
    Column[] hashed = new Column[of.length + 1];
    hashed[0] = lit(seed);
    System.arraycopy(of, 0, hashed, 1, of.length);
    return pmod(xxhash64(hashed), lit(GROUPS)).cast("int");
  }

  private static Column sum(Column embedding) {
    return ExactSum.function().apply(embedding.cast("array<double>"));
  }
}
