package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
   * <p>Which windows share a batch depends on the windows alone: those of one domain and of about
   * one length. So an embedding is the same to the last bit for any number of partitions, and
   * whatever other domains there are.
   *
   * @param windows the columns of {@link Windows}, and {@link Samples#GROUP}
   * @param totals of those
   */
  public Dataset<Row> embed(Dataset<Row> windows, WindowTotals totals) {
    Dataset<Row> batches =
        new LengthClasses(config.batchTokens())
            .withBatches(windows, BATCH)
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
