package org.chameleon.sampling;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;

import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The first windows of each domain in its random order, no two with the same tokens. */
final class FirstWindows {
  /** Place of a window in the order of its domain, before {@link #HASH}, long. */
  static final String ROUND = "round";

  /** Place of a window in the order of its domain, long. */
  static final String HASH = "hash";

  private static final String PICK = "pick";
  private static final StructType CUT =
      new StructType()
          .add(Windows.DOMAIN, DataTypes.StringType)
          .add("high", DataTypes.LongType)
          .add("low", DataTypes.LongType)
          .add(ROUND, DataTypes.LongType)
          .add(HASH, DataTypes.LongType)
          .add("ordinal", DataTypes.LongType)
          .add(Windows.OFFSET, DataTypes.IntegerType)
          .add(Windows.FILE, DataTypes.StringType)
          .add(Windows.ROW, DataTypes.LongType)
          .add(Windows.IDS, DataTypes.createArrayType(DataTypes.IntegerType, false));

  private FirstWindows() {}

  /**
   * Returns them, with their places.
   *
   * @param cuts what each split contributes
   * @param wanted most windows of each domain
   */
  static Dataset<Row> of(
      SparkSession spark, JavaRDD<WindowCutter.Cut> cuts, Map<String, Integer> wanted) {
    JavaRDD<Row> rows = cuts.flatMap(FirstWindows::rows);
    Dataset<Row> distinct =
        spark
            .createDataFrame(rows, CUT)
            .groupBy(Windows.DOMAIN, "high", "low")
            .agg(
                min(struct(
                        ROUND,
                        HASH,
                        "ordinal",
                        Windows.OFFSET,
                        Windows.FILE,
                        Windows.ROW,
                        Windows.IDS))
                    .as(PICK));
    return distinct
        .withColumn(
            Windows.WINDOW,
            row_number()
                .over(
                    Window.partitionBy(Windows.DOMAIN)
                        .orderBy(
                            PICK + "." + ROUND,
                            PICK + "." + HASH,
                            PICK + ".ordinal",
                            PICK + "." + Windows.OFFSET))
                .minus(1))
        .where(isWanted(wanted))
        .select(
            col(Windows.DOMAIN),
            col(Windows.WINDOW),
            col(PICK + "." + Windows.IDS).as(Windows.IDS),
            col(PICK + "." + Windows.FILE).as(Windows.FILE),
            col(PICK + "." + Windows.ROW).as(Windows.ROW),
            col(PICK + "." + Windows.OFFSET).as(Windows.OFFSET),
            col(PICK + "." + ROUND).as(ROUND),
            col(PICK + "." + HASH).as(HASH));
  }

  /** The first windows of each domain; domains of which as many are wanted share a condition. */
  private static Column isWanted(Map<String, Integer> wanted) {
    Map<Integer, Set<String>> byCount = new TreeMap<>();
    wanted.forEach((domain, n) -> byCount.computeIfAbsent(n, d -> new TreeSet<>()).add(domain));
    Column condition = lit(false);
    for (Map.Entry<Integer, Set<String>> entry : byCount.entrySet()) {
      Column first = col(Windows.WINDOW).lt(entry.getKey());
      condition = condition.or(first.and(col(Windows.DOMAIN).isin(entry.getValue().toArray())));
    }
    return condition;
  }

  private static Iterator<Row> rows(WindowCutter.Cut cut) {
    return cut.windows().stream()
        .map(
            w -> {
              CutWindow.Content content = w.content();
              return RowFactory.create(
                  cut.domain(),
                  content.high(),
                  content.low(),
                  w.start().round(),
                  w.start().hash(),
                  w.start().ordinal(),
                  w.start().offset(),
                  w.start().file(),
                  w.start().row(),
                  w.ids());
            })
        .iterator();
  }
}
