package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.row_number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.chameleon.config.InvalidInputException;

/**
 * Embeddings that were made elsewhere: Parquet with columns {@code domain} and {@code embedding}.
 */
public final class ExternalSamples {
  private final Dataset<Row> table;

  private ExternalSamples(Dataset<Row> table) {
    this.table = table;
  }

  /**
   * Opens the files at a path or glob.
   *
   * @throws InvalidInputException if nothing is there, or the columns are missing or of other types
   */
  public static ExternalSamples open(SparkSession spark, String path) {
    Dataset<Row> table;
    try {
      table = spark.read().parquet(path);
    } catch (Exception e) {
      if (e instanceof AnalysisException || e instanceof RuntimeException) {
        throw new InvalidInputException(
            "Cannot read embeddings from %s: no Parquet file is there. Correct embedding.from."
                .formatted(path),
            e);
      }
      throw e;
    }
    List<String> columns = Arrays.asList(table.columns());
    if (!columns.contains(Samples.DOMAIN) || !columns.contains(Samples.EMBEDDING)) {
      throw new InvalidInputException(
          "Cannot read embeddings from %s: it needs columns domain and embedding, it has %s."
              .formatted(path, columns));
    }
    DataType type = table.schema().apply(Samples.EMBEDDING).dataType();
    boolean numbers =
        type instanceof ArrayType array
            && (array.elementType().equals(DataTypes.FloatType)
                || array.elementType().equals(DataTypes.DoubleType));
    if (!numbers || !table.schema().apply(Samples.DOMAIN).dataType().equals(DataTypes.StringType)) {
      throw new InvalidInputException(
          "Cannot read embeddings from %s: domain must be a string and embedding an array of float or double, they are %s."
              .formatted(path, table.select(Samples.DOMAIN, Samples.EMBEDDING).schema().sql()));
    }
    return new ExternalSamples(table);
  }

  /** Returns the columns of {@link Samples}, windows numbered in the order of the embeddings. */
  public Dataset<Row> rows() {
    Dataset<Row> bad =
        table.where(
            col(Samples.DOMAIN)
                .isNull()
                .or(col(Samples.EMBEDDING).isNull())
                .or(expr("size(embedding) = 0"))
                .or(expr("exists(embedding, x -> x is null or isnan(x))")));
    if (!bad.isEmpty()) {
      throw new InvalidInputException(
          "Cannot use embeddings: a row of domain %s is null, empty, or not a number. Remove such rows."
              .formatted(bad.head().<Object>getAs(Samples.DOMAIN)));
    }
    return table
        .withColumn(
            Samples.WINDOW,
            row_number()
                .over(Window.partitionBy(Samples.DOMAIN).orderBy(Samples.EMBEDDING))
                .minus(1))
        .select(Samples.DOMAIN, Samples.WINDOW, Samples.EMBEDDING);
  }

  /** Returns the number of embeddings. */
  public long count() {
    return table.count();
  }

  /** Returns what identifies the content: the files, with size and modification time. */
  public List<Object> identity() {
    List<Object> identity = new ArrayList<>();
    table
        .select("_metadata.file_path", "_metadata.file_size", "_metadata.file_modification_time")
        .distinct()
        .orderBy("file_path")
        .collectAsList()
        .forEach(row -> identity.add(row.mkString(" ")));
    return identity;
  }
}
