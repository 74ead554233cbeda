package org.chameleon.storage;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.config.InvalidInputException;

/**
 * Writes a folder of files, one or more for each partition, on executors: all of them are seen
 * under their names, or none.
 */
public final class PartWriter {
  private final SparkSession spark;
  private final String folder;

  /**
   * Creates a writer.
   *
   * @param folder URI of the folder of the files, which is made
   */
  public PartWriter(SparkSession spark, String folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** What a task has written. */
  public interface Part extends Serializable {
    /** Returns the files, each under its own name. */
    List<FileRecord> files();
  }

  /** Writes one partition, on an executor. */
  @FunctionalInterface
  public interface Work<R, P extends Part> extends Serializable {
    /**
     * Writes files.
     *
     * @param index of the partition
     * @param folder where they are to be created
     */
    P write(int index, Iterator<R> rows, Path folder, Configuration hadoop) throws IOException;
  }

  /**
   * Returns what was written, in the order of its first names. The first partition is always
   * written, others if they have rows.
   *
   * @throws InvalidInputException if the folder cannot be written
   */
  public <R, P extends Part> List<P> write(JavaRDD<R> rows, Work<R, P> work) {
    PartCommit commit = new PartCommit(folder);
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Broadcast<SerializableConfiguration> sent = HadoopSettings.broadcast(spark);
    try {
      commit.start(hadoop);
      try {
        List<P> parts =
            new ArrayList<>(
                rows.mapPartitionsWithIndex(
                        (index, part) -> task(commit, sent, index, part, work), false)
                    .collect());
        commit.finish(hadoop);
        parts.removeIf(part -> part.files().isEmpty());
        parts.sort(Comparator.comparing(part -> part.files().get(0).path()));
        for (P part : parts) {
          for (FileRecord file : part.files()) {
            commit.requireThere(file, hadoop);
          }
        }
        return parts;
      } catch (Throwable failure) {
        abort(commit, hadoop, failure);
        throw failure;
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot write %s: %s. Give an --output that can be written."
              .formatted(folder, e.getMessage()),
          e);
    } finally {
      sent.destroy();
    }
  }

  private static <R, P extends Part> Iterator<P> task(
      PartCommit commit,
      Broadcast<SerializableConfiguration> sent,
      int index,
      Iterator<R> rows,
      Work<R, P> work)
      throws IOException {
    if (index > 0 && !rows.hasNext()) {
      return Collections.emptyIterator();
    }
    Configuration hadoop = sent.value().value();
    long attempt = TaskContext.get().taskAttemptId();
    P part = commit.task(hadoop, index, attempt, into -> work.write(index, rows, into, hadoop));
    return List.of(part).iterator();
  }

  /** What Spark throws is not always a RuntimeException: whatever it is, nothing stays behind. */
  private static void abort(PartCommit commit, Configuration hadoop, Throwable failure) {
    try {
      commit.abort(hadoop);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
