package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.model.Checkpoint;
import org.chameleon.sampling.Windows;

/** Embeds sampled windows with a proxy on executors. */
public final class Embedder {
  private static final String BATCH = "batch";

  private final Checkpoint proxy;
  private final EmbeddingConfig config;
  private final TaskMetrics metrics;

  /**
   * Creates an embedder that reads the hidden state which {@code config} names.
   *
   * @param metrics what its tasks count into
   */
  public Embedder(Checkpoint proxy, EmbeddingConfig config, TaskMetrics metrics) {
    this.proxy = proxy;
    this.config = config;
    this.metrics = metrics;
  }

  /**
   * Returns the embedding of each window, with the columns of {@link Samples}; nothing is computed
   * until it is read.
   *
   * <p>Which windows share a batch depends on the windows alone: those of one domain, longest
   * first. So an embedding is the same to the last bit for any number of partitions.
   *
   * @param windows the columns of {@link Windows}, and {@link Samples#GROUP}
   * @param totals of those
   */
  public Dataset<Row> embed(Dataset<Row> windows, WindowTotals totals) {
    WindowSpec longestFirst =
        Window.partitionBy(Windows.DOMAIN)
            .orderBy(size(col(Windows.IDS)).desc(), col(Windows.WINDOW));
    Column longest = max(size(col(Windows.IDS))).over(Window.partitionBy(Windows.DOMAIN));
    Column perBatch = greatest(lit(1), floor(lit(config.batchTokens()).divide(longest)));
    Dataset<Row> batches =
        windows
            .withColumn(
                BATCH,
                concat_ws(
                    "/",
                    col(Windows.DOMAIN),
                    floor(row_number().over(longestFirst).minus(lit(1)).divide(perBatch))))
            .repartition(partitions(windows, totals), col(BATCH))
            .sortWithinPartitions(col(BATCH), size(col(Windows.IDS)).desc(), col(Windows.WINDOW));
    return new EmbeddingTransformer(proxy, config)
        .setInputCol(Windows.IDS)
        .setBatchCol(BATCH)
        .embed(batches, metrics)
        .selectExpr(Samples.schema(!config.layers().isEmpty()).fieldNames());
  }

  private int partitions(Dataset<Row> windows, WindowTotals totals) {
    if (config.partitions() > 0) {
      return config.partitions();
    }
    int perBatch = Math.max(1, config.batchTokens() / Math.max(1, totals.longest()));
    int parallel = windows.sparkSession().sparkContext().defaultParallelism();
    long batches = totals.windows() / perBatch + 1;
    return (int) Math.max(1, Math.min(batches, 4L * parallel));
  }
}
