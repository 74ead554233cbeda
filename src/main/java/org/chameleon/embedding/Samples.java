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

  /** Number of the group of windows that it is in, int: see {@link DomainStates}. */
  public static final String GROUP = "group";

  /** Where more than one hidden state is read, indices of the others, {@code array<int>}. */
  public static final String LAYERS = "layers";

  /** What is read of those, one after the other, {@code array<float>}. */
  public static final String OTHERS = "others";

  private static final StructType ONE_STATE =
      new StructType()
          .add(DOMAIN, DataTypes.StringType, false)
          .add(WINDOW, DataTypes.IntegerType, false)
          .add(EMBEDDING, DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add(GROUP, DataTypes.IntegerType, false);

  private Samples() {}

  /** Returns the columns in their order, of one hidden state or several. */
  static StructType schema(boolean layers) {
    return layers ? withOthers(ONE_STATE) : ONE_STATE;
  }

  /** Returns columns and those of the other hidden states. */
  static StructType withOthers(StructType columns) {
    return columns
        .add(LAYERS, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
        .add(OTHERS, DataTypes.createArrayType(DataTypes.FloatType, false), false);
  }
}
