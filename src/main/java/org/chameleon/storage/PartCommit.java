package org.chameleon.storage;

import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.JobStatus;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitterFactory;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.TaskContext;
import org.apache.spark.mapred.SparkHadoopMapRedUtil;

/**
 * Puts the parts of a folder in place with Hadoop's output committer of the store, all at the end:
 * what a task that failed or was killed has written is never seen under its name. On S3A that is
 * the committer that {@code fs.s3a.committer.name} names.
 */
final class PartCommit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String id = UUID.randomUUID().toString();

  PartCommit(String folder) {
    this.folder = folder;
  }

  /** Prepares the folder, on the driver. */
  void start(Configuration hadoop) throws IOException {
    TaskAttemptContext job = context(hadoop, 0, 0);
    committer(job).setupJob(job);
  }

  /** Puts the parts of all tasks in place, on the driver. */
  void finish(Configuration hadoop) throws IOException {
    TaskAttemptContext job = context(hadoop, 0, 0);
    committer(job).commitJob(job);
  }

  /** Removes what tasks have written, on the driver. */
  void abort(Configuration hadoop) throws IOException {
    TaskAttemptContext job = context(hadoop, 0, 0);
    committer(job).abortJob(job, JobStatus.State.FAILED);
  }

  /** What a task does with the folder it is to write into. */
  @FunctionalInterface
  interface Work<T> {
    /** Writes below a folder. */
    T into(Path folder) throws IOException;
  }

  /**
   * Lets an attempt write, on an executor. What another attempt of the same part writes, one of a
   * lost executor that still runs or a speculative one, lies in another folder.
   *
   * @param attempt a number that no other attempt of the job has
   */
  <T> T task(Configuration hadoop, int part, long attempt, Work<T> work) throws IOException {
    TaskAttemptContext context = context(hadoop, part, attempt);
    PathOutputCommitter committer = committer(context);
    committer.setupTask(context);
    try {
      T written = work.into(committer.getWorkPath());
      commit(committer, context, part);
      return written;
    } catch (Throwable failure) {
      try {
        committer.abortTask(context);
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }

  /** Of the attempts of one part Spark lets one alone commit. */
  private static void commit(PathOutputCommitter committer, TaskAttemptContext context, int part)
      throws IOException {
    if (TaskContext.get() == null) {
      committer.commitTask(context);
    } else {
      SparkHadoopMapRedUtil.commitTask(committer, context, 0, part);
    }
  }

  /**
   * Checks that a part is where it was put, on the driver.
   *
   * @throws IOException if it is missing or of another size
   */
  void requireThere(FileRecord part, Configuration hadoop) throws IOException {
    Path path = new Path(folder, part.path());
    FileStatus found = HadoopSettings.fileSystem(path, hadoop).getFileStatus(path);
    if (found.getLen() != part.bytes()) {
      throw new IOException(
          "%s has %d bytes, %d were written".formatted(path, found.getLen(), part.bytes()));
    }
  }

  private PathOutputCommitter committer(TaskAttemptContext context) throws IOException {
    return PathOutputCommitterFactory.createCommitter(new Path(folder), context);
  }

  private TaskAttemptContext context(Configuration hadoop, int part, long attempt) {
    Configuration conf = new Configuration(hadoop);
    conf.setBoolean("mapreduce.fileoutputcommitter.marksuccessfuljobs", false);
    // The other algorithm puts a task's files in place as soon as it ends.
    conf.setInt("mapreduce.fileoutputcommitter.algorithm.version", 1);
    conf.set("fs.s3a.committer.uuid", id);
    TaskID task = new TaskID(new JobID("chameleon", 0), TaskType.REDUCE, part);
    return new TaskAttemptContextImpl(
        conf, new TaskAttemptID(task, (int) (attempt % Integer.MAX_VALUE)));
  }
}
