package org.chameleon.cli;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The Spark session of a command: the one that spark-submit configured, else all local cores. */
final class Session implements AutoCloseable {
  private static final String DELTA = "io.delta.sql.";

  private final SparkSession spark;

  private Session(SparkSession spark) {
    this.spark = spark;
  }

  static Session start() {
    SparkConf conf = new SparkConf();
    if (!conf.contains("spark.master")) {
      conf.setMaster("local[*]")
          .setIfMissing("spark.ui.enabled", "false")
          .setIfMissing("spark.driver.host", "localhost")
          .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
          .setIfMissing("spark.sql.shuffle.partitions", "16");
    }
    conf.setIfMissing("spark.app.name", "chameleon");
    if (isPresent(DELTA + "DeltaSparkSessionExtension")) {
      // Delta's library refuses to read its tables in a session without them.
      conf.setIfMissing("spark.sql.extensions", DELTA + "DeltaSparkSessionExtension")
          .setIfMissing(
              "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    }
    return new Session(SparkSession.builder().config(conf).getOrCreate());
  }

  SparkSession spark() {
    return spark;
  }

  @Override
  public void close() {
    spark.stop();
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
