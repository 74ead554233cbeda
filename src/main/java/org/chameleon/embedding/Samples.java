package org.chameleon.embedding;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code embedding/samples}: one row per window. */
public final class Samples {
  /** Name of the domain, string. */
  public static final String DOMAIN = "domain";

  /** Number of the window in its domain, int. */
  public static final String WINDOW = "window";

  /** Mean hidden state of the window, {@code array<float>} as wide as the proxy. */
  public static final String EMBEDDING = "embedding";

  /** The columns in their order. */
  public static final StructType SCHEMA =
      new StructType()
          .add(DOMAIN, DataTypes.StringType, false)
          .add(WINDOW, DataTypes.IntegerType, false)
          .add(EMBEDDING, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private Samples() {}
}
