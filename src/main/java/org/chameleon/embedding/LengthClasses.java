package org.chameleon.embedding;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.chameleon.sampling.Windows;

/**
 * Puts the windows of each domain into classes of about one length, a fifth apart, and each class
 * into batches of so many tokens. Where all windows of a domain are of one class, those that follow
 * one another share a batch; else a hash decides which are cut into batches together. No task sees
 * more than its part of a domain.
 *
 * @param batchTokens tokens of a batch, padding among them
 */
record LengthClasses(int batchTokens) {
  private static final String CLASS = "length class";
  private static final String PER_BATCH = "windows of a batch";
  private static final String GROUPS = "groups";
  private static final String DENSE = "dense";

  /** Classes for each doubling of the length. */
  private static final int PER_DOUBLING = 4;

  /** Batches that a hash puts together: what fills none at their end is the less. */
  private static final int TOGETHER = 4;

  /** Returns windows with a column that names their batch, or some that follow one another. */
  Dataset<Row> withBatches(Dataset<Row> windows, String batch) {
    Column length = size(col(Windows.IDS));
    Dataset<Row> classed =
        windows.withColumn(
            CLASS, floor(log2(greatest(length, lit(1))).multiply(PER_DOUBLING)).cast("int"));
    Dataset<Row> classes =
        classed
            .groupBy(col(Windows.DOMAIN), col(CLASS))
            .agg(count(lit(1)).as("windows"), max(length).as("longest"));
    Dataset<Row> domains = classes.groupBy(col(Windows.DOMAIN)).agg(sum("windows").as("all"));
    Column perBatch = greatest(lit(1), floor(lit(batchTokens).divide(col("longest"))));
    Dataset<Row> sizes =
        classes
            .join(domains, Windows.DOMAIN)
            .select(
                col(Windows.DOMAIN),
                col(CLASS),
                perBatch.as(PER_BATCH),
                ceil(col("windows").divide(perBatch.multiply(TOGETHER))).as(GROUPS),
                col("windows").equalTo(col("all")).as(DENSE));
    Column number =
        when(col(DENSE), floor(col(Windows.WINDOW).divide(col(PER_BATCH))))
            .otherwise(pmod(xxhash64(col(Windows.WINDOW)), col(GROUPS)));
    return classed
        .join(broadcast(sizes), new String[] {Windows.DOMAIN, CLASS}, "left")
        .withColumn(batch, concat_ws("/", col(Windows.DOMAIN), col(CLASS), number))
        .drop(CLASS, PER_BATCH, GROUPS, DENSE);
  }
}
