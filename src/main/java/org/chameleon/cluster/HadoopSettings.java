package org.chameleon.cluster;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Hadoop's settings, with which files are opened. */
public final class HadoopSettings {
  private HadoopSettings() {}

  /** Returns those of a command that needs no session: {@code spark.hadoop.*} counts here too. */
  public static Configuration ofSubmission() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }

  /** Sends those of a session to executors. */
  public static Broadcast<SerializableConfiguration> broadcast(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }
}
