package org.chameleon.materialize;

import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
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

/**
 * Puts shards in place with Hadoop's output committer of the store, all at the end: what a task
 * that failed or was killed has written is never seen under its name. On S3A that is the committer
 * that {@code fs.s3a.committer.name} names.
 */
final class ShardCommit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String id = UUID.randomUUID().toString();

  ShardCommit(String folder) {
    this.folder = folder;
  }

  /** Prepares the folder, on the driver. */
  void start(Configuration hadoop) throws IOException {
    TaskAttemptContext job = context(hadoop, 0, 0);
    committer(job).setupJob(job);
  }

  /** Puts the shards of all tasks in place, on the driver. */
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
  interface Work {
    /** Writes below a folder. */
    Shard into(Path folder) throws IOException;
  }

  /** Lets a task write, on an executor. */
  Shard task(Configuration hadoop, int partition, int attempt, Work work) throws IOException {
    TaskAttemptContext context = context(hadoop, partition, attempt);
    PathOutputCommitter committer = committer(context);
    committer.setupTask(context);
    try {
      Shard shard = work.into(committer.getWorkPath());
      committer.commitTask(context);
      return shard;
    } catch (IOException | RuntimeException e) {
      committer.abortTask(context);
      throw e;
    }
  }

  private PathOutputCommitter committer(TaskAttemptContext context) throws IOException {
    return PathOutputCommitterFactory.createCommitter(new Path(folder), context);
  }

  private TaskAttemptContext context(Configuration hadoop, int partition, int attempt) {
    Configuration conf = new Configuration(hadoop);
    conf.setBoolean("mapreduce.fileoutputcommitter.marksuccessfuljobs", false);
    // The other algorithm puts a task's files in place as soon as it ends.
    conf.setInt("mapreduce.fileoutputcommitter.algorithm.version", 1);
    conf.set("fs.s3a.committer.uuid", id);
    TaskID task = new TaskID(new JobID("chameleon", 0), TaskType.REDUCE, partition);
    return new TaskAttemptContextImpl(conf, new TaskAttemptID(task, attempt));
  }
}
