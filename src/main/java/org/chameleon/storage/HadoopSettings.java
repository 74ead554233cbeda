package org.chameleon.storage;

import java.io.IOException;
import java.util.Map;
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
   * Returns the file system to read other people's files with: local ones as they are, without the
   * .crc files beside them, which may be stale, and whose names some names cannot have.
   */
  public static FileSystem ofSources(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  /**
   * Returns a copy of settings, for a library that finds the file system of a source itself. They
   * are for that one path alone: a file system of another kind, which is kept, would keep them too.
   */
  public static Configuration forSource(Path path, Configuration hadoop) throws IOException {
    Configuration settings = new Configuration(hadoop);
    optionsForSource(path, hadoop).forEach(settings::set);
    return settings;
  }

  /** Returns what {@link #forSource} sets, for a library that takes settings as options. */
  public static Map<String, String> optionsForSource(Path path, Configuration hadoop)
      throws IOException {
    return path.getFileSystem(hadoop) instanceof LocalFileSystem
        ? Map.of(
            "fs.file.impl",
            RawLocalFileSystem.class.getName(),
            "fs.file.impl.disable.cache",
            "true")
        : Map.of();
  }

  /** Sends those of a session to executors. */
  public static Broadcast<SerializableConfiguration> broadcast(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }
}
