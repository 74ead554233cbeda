package org.chameleon.sampling;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code sample/windows}: one row per sampled window. */
public final class Windows {
  /** Name of the domain, string. */
  public static final String DOMAIN = "domain";

  /** Number of the window in its domain, in random order, int. */
  public static final String WINDOW = "window";

  /** Token ids, {@code array<int>}. */
  public static final String IDS = "ids";

  /** File of the document that the window starts in, string. */
  public static final String FILE = "file";

  /** Row of that document in the file, long. */
  public static final String ROW = "row";

  /** Token of that document that the window starts at, int. */
  public static final String OFFSET = "offset";

  /** The columns in their order. */
  public static final StructType SCHEMA =
      new StructType()
          .add(DOMAIN, DataTypes.StringType, false)
          .add(WINDOW, DataTypes.IntegerType, false)
          .add(IDS, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add(FILE, DataTypes.StringType, false)
          .add(ROW, DataTypes.LongType, false)
          .add(OFFSET, DataTypes.IntegerType, false);

  private Windows() {}
}
