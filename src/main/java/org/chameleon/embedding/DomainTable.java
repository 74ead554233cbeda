package org.chameleon.embedding;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code embedding/domains.parquet}: one row per domain. */
public final class DomainTable {
  /** The columns in their order: the mean has the width of the proxy. */
  public static final StructType SCHEMA =
      new StructType()
          .add("domain", DataTypes.StringType, false)
          .add("samples", DataTypes.LongType, false)
          .add("mean", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  private DomainTable() {}

  /** Returns the rows of all domains, in the order of names. */
  public static List<Row> rows(DomainEmbeddings embeddings) {
    return embeddings.domains().stream()
        .map(d -> RowFactory.create(d.domain(), d.samples(), d.mean()))
        .toList();
  }
}
