package org.chameleon.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Checks files against what was recorded of them when they were written. */
public final class Verifier {
  private static final int FILES_PER_TASK = 4;

  private final Folder folder;
  private final SparkSession spark;

  private Verifier(Folder folder, SparkSession spark) {
    this.folder = folder;
    this.spark = spark;
  }

  /** Returns a verifier that reads files here: for few and small ones. */
  public static Verifier here(Folder folder) {
    return new Verifier(folder, null);
  }

  /** Returns a verifier that reads files on executors. */
  public static Verifier onExecutors(Folder folder, SparkSession spark) {
    return new Verifier(folder, spark);
  }

  /** A file to be hashed. */
  private record Expected(String path, String uri, String sha256) implements Serializable {
    /** Returns what is wrong with its content: nothing, or a line. */
    List<String> problems(Configuration hadoop) {
      Path file = new Path(uri);
      try (InputStream in = HadoopSettings.fileSystem(file, hadoop).open(file)) {
        return DigestUtils.sha256Hex(in).equals(sha256)
            ? List.of()
            : List.of(path + " was changed: its SHA-256 is another.");
      } catch (IOException e) {
        return List.of(path + " cannot be read: " + e.getMessage() + ".");
      }
    }
  }

  /**
   * Returns a line for every file that is missing, changed or not recorded.
   *
   * @param recorded by paths relative to the folder
   * @param places files and folders in which nothing else may lie
   * @param how they were written, such as {@code by the run}
   */
  public List<String> problems(List<FileRecord> recorded, Collection<String> places, String how) {
    Map<String, Long> present = new TreeMap<>();
    places.forEach(place -> folder.files(place).forEach(f -> present.put(f.path(), f.bytes())));
    List<String> problems = new ArrayList<>();
    List<Expected> whole = new ArrayList<>();
    for (FileRecord file : recorded) {
      Long bytes = present.remove(file.path());
      if (bytes == null) {
        problems.add(file.path() + " is missing.");
      } else if (bytes != file.bytes()) {
        problems.add(
            "%s has %d bytes, %d were written.".formatted(file.path(), bytes, file.bytes()));
      } else {
        whole.add(new Expected(file.path(), folder.uri(file.path()), file.sha256()));
      }
    }
    present.keySet().forEach(path -> problems.add(path + " was not written " + how + "."));
    problems.addAll(changed(whole));
    return problems;
  }

  private List<String> changed(List<Expected> files) {
    if (spark == null || files.isEmpty()) {
      Configuration hadoop = folder.fileSystem().getConf();
      return files.stream().flatMap(file -> file.problems(hadoop).stream()).toList();
    }
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    int cores = Math.max(1, spark.sparkContext().defaultParallelism());
    int tasks = Math.min(files.size(), Math.max(cores, files.size() / FILES_PER_TASK));
    return new JavaSparkContext(spark.sparkContext())
        .parallelize(files, tasks)
        .flatMap(file -> file.problems(hadoop.value().value()).iterator())
        .collect();
  }
}
