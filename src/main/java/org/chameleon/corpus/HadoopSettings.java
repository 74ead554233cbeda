package org.chameleon.corpus;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** The session's Hadoop settings, with which tasks open files. */
public final class HadoopSettings {
  private HadoopSettings() {}

  /** Sends them to executors. */
  public static Broadcast<SerializableConfiguration> broadcast(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }
}
