package org.chameleon.storage;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
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

  /**
   * Returns the file system of a path. Hadoop's local one would leave a .crc file beside each file;
   * a run's files speak for themselves.
   */
  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      local.setWriteChecksum(false);
    }
    return fileSystem;
  }

  /**
   * Returns settings to read other people's files with: local ones as they are, without the .crc
   * files beside them, which may be stale, and whose names some names cannot have.
   */
  public static Configuration forReading(Configuration hadoop) {
    Configuration reading = new Configuration(hadoop);
    if (reading.get("fs.file.impl") == null) {
      reading.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
      reading.setBoolean("fs.file.impl.disable.cache", true);
    }
    // Pages of Parquet that carry a checksum are compared with it.
    reading.setBoolean("parquet.page.verify-checksum.enabled", true);
    return reading;
  }

  /** Sends settings to read other people's files with to executors. */
  public static Broadcast<SerializableConfiguration> broadcastForReading(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .broadcast(
            new SerializableConfiguration(forReading(spark.sparkContext().hadoopConfiguration())));
  }

  /** Sends those of a session to executors. */
  public static Broadcast<SerializableConfiguration> broadcast(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }
}
