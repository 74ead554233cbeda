package org.chameleon.embedding;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code embedding/domains.parquet}: one row per domain. */
public final class DomainTable {
  /** Name of the domain, string. */
  public static final String DOMAIN = "domain";

  /** The columns in their order: the mean has the width of the proxy. */
  public static final StructType SCHEMA =
      new StructType()
          .add(DOMAIN, DataTypes.StringType, false)
          .add("samples", DataTypes.LongType, false)
          .add("mean", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  private DomainTable() {}

  /** Returns the rows of all domains. */
  public static Dataset<Row> of(SparkSession spark, DomainEmbeddings embeddings) {
    List<Row> rows =
        embeddings.domains().stream()
            .map(d -> RowFactory.create(d.domain(), d.samples(), d.mean()))
            .toList();
    return spark.createDataFrame(rows, SCHEMA);
  }
}
