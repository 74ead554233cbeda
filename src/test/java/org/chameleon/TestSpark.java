package org.chameleon;

import org.apache.spark.sql.SparkSession;

/** One local Spark session for all tests. */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  /** Returns the session, starting it at the first call and where a command has stopped it. */
  public static synchronized SparkSession session() {
    if (session == null || session.sparkContext().isStopped()) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("chameleon-tests")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.host", "localhost")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "3")
              .config("spark.sql.warehouse.dir", "target/spark-warehouse")
              .getOrCreate();
    }
    return session;
  }
}
