package org.chameleon.embedding;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.mllib.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.chameleon.config.InvalidInputException;

/**
 * Embeddings that were made elsewhere: Parquet with columns {@code domain}, a string, and {@code
 * embedding}, a list of float or double of any encoding, or a vector of Spark ML.
 */
public final class ExternalSamples {
  private static final String FILE = "file";
  private static final String ROW = "row";
  private static final String WIDTH = "width";
  private static final String PROBLEM = "problem";

  private final String path;
  private final Dataset<Row> table;

  private ExternalSamples(String path, Dataset<Row> table) {
    this.path = path;
    this.table = table;
  }

  /**
   * Opens the files at a path or glob.
   *
   * @throws InvalidInputException if nothing is there, a file cannot be read, or the columns are
   *     missing or of other types
   */
  public static ExternalSamples open(SparkSession spark, String path) {
    Dataset<Row> table = read(spark, path);
    requireColumns(path, table);
    DataType type = table.schema().apply(Samples.EMBEDDING).dataType();
    boolean numbers =
        type instanceof ArrayType array
            && (array.elementType().equals(DataTypes.FloatType)
                || array.elementType().equals(DataTypes.DoubleType));
    boolean vectors = type.equals(SQLDataTypes.VectorType()) || type instanceof VectorUDT;
    boolean named = table.schema().apply(Samples.DOMAIN).dataType().equals(DataTypes.StringType);
    if (!named || !(numbers || vectors)) {
      throw unreadable(
          spark,
          path,
          "domain must be a string and embedding a list of float or double, they are %s. Cast them."
              .formatted(table.select(Samples.DOMAIN, Samples.EMBEDDING).schema().sql()),
          null);
    }
    Column embedding = col(Samples.EMBEDDING);
    Column values =
        vectors
            ? when(embedding.isNotNull(), functions.vector_to_array(embedding, "float64"))
            : embedding;
    return new ExternalSamples(
        path,
        table.select(
            col(Samples.DOMAIN),
            values.as(Samples.EMBEDDING),
            col("_metadata.file_path").as(FILE),
            col("_metadata.file_size").as("bytes"),
            col("_metadata.file_modification_time").as("modified"),
            col("_metadata.row_index").as(ROW)));
  }

  @SuppressWarnings("CatchingUnchecked") // Spark throws checked exceptions undeclared
  private static Dataset<Row> read(SparkSession spark, String path) {
    try {
      return SampleFiles.table(spark, path);
    } catch (Exception e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      throw unreadable(
          spark, path, reason.replaceFirst("\\.$", "") + ". Correct embedding.from.", e);
    }
  }

  private static InvalidInputException unreadable(
      SparkSession spark, String path, String otherwise, Throwable cause) {
    return new InvalidInputException(
        "Cannot read embeddings from "
            + SampleFiles.problem(path, spark.sparkContext().hadoopConfiguration())
                .orElse(path + ": " + otherwise),
        cause);
  }

  private static void requireColumns(String path, Dataset<Row> table) {
    List<String> columns = Arrays.asList(table.columns());
    List<String> wanted = List.of(Samples.DOMAIN, Samples.EMBEDDING);
    if (columns.containsAll(wanted)) {
      return;
    }
    List<String> alike =
        columns.stream()
            .filter(name -> wanted.stream().anyMatch(name::equalsIgnoreCase))
            .filter(name -> !wanted.contains(name))
            .toList();
    throw new InvalidInputException(
        alike.isEmpty()
            ? "Cannot read embeddings from %s: it needs columns domain and embedding, it has %s. Rename its columns."
                .formatted(path, columns)
            : "Cannot read embeddings from %s: it needs columns domain and embedding in lower case, it has %s. Rename %s."
                .formatted(path, columns, String.join(" and ", alike)));
  }

  /**
   * Returns the columns of {@link Samples}, windows numbered in the order of the embeddings.
   *
   * @throws InvalidInputException if an embedding is missing, of another length than most, or has a
   *     value that is not finite; the message names domain, file and row
   */
  public Dataset<Row> rows() {
    requireSound();
    return new NumberedRows(
            table.select(Samples.DOMAIN, Samples.EMBEDDING).sort(Samples.DOMAIN, Samples.EMBEDDING))
        .numbered(Samples.WINDOW)
        .select(Samples.DOMAIN, Samples.WINDOW, Samples.EMBEDDING);
  }

  /** One pass where all is well; the place of the first bad row is looked for only if there is. */
  private void requireSound() {
    Dataset<Row> judged =
        table
            .withColumn(PROBLEM, problem())
            .withColumn(WIDTH, coalesce(size(col(Samples.EMBEDDING)), lit(-1)));
    List<Row> widths =
        judged
            .groupBy(WIDTH)
            .agg(sum(lit(1)).as("rows"), max(PROBLEM).as(PROBLEM))
            .orderBy(col("rows").desc(), col(WIDTH).desc())
            .collectAsList();
    if (widths.isEmpty()) {
      throw new InvalidInputException(
          "Cannot read embeddings from %s: its files have no rows. Correct embedding.from."
              .formatted(path));
    }
    if (widths.size() == 1 && widths.get(0).isNullAt(2)) {
      return;
    }
    int width = widths.get(0).getInt(0);
    Row first =
        judged
            .withColumn(
                PROBLEM,
                coalesce(
                    col(PROBLEM),
                    when(
                        col(WIDTH).notEqual(width),
                        concat(lit("has "), col(WIDTH), lit(" values where most have " + width)))))
            .where(col(PROBLEM).isNotNull())
            .orderBy(FILE, ROW)
            .select(Samples.DOMAIN, FILE, ROW, PROBLEM)
            .head();
    throw new InvalidInputException(
        "Cannot use embeddings: row %d (from 0) of %s, domain %s, %s. Remove such rows, or make them again."
            .formatted(
                first.getLong(2),
                new Path(URI.create(first.getString(1))),
                first.isNullAt(0) ? "null" : "'" + first.getString(0) + "'",
                first.getString(3)));
  }

  /** What is wrong with a row on its own, null if nothing is. */
  private static Column problem() {
    Column embedding = col(Samples.EMBEDDING);
    return when(col(Samples.DOMAIN).isNull(), "has no domain")
        .when(embedding.isNull(), "has no embedding")
        .when(size(embedding).equalTo(0), "has an embedding without values")
        .when(exists(embedding, Column::isNull), "has a value that is null")
        .when(exists(embedding, Column::isNaN), "has a value that is not a number (NaN)")
        .when(
            exists(embedding, value -> abs(value).gt(lit((double) Float.MAX_VALUE))),
            "has a value that is infinite, or beyond float32");
  }

  /** Returns the number of embeddings. */
  public long count() {
    return table.count();
  }

  /** Returns what identifies the content: the files, with size and modification time. */
  public List<Object> identity() {
    List<Object> identity = new ArrayList<>();
    table
        .select(FILE, "bytes", "modified")
        .distinct()
        .orderBy(FILE)
        .collectAsList()
        .forEach(row -> identity.add(row.mkString(" ")));
    return identity;
  }
}
