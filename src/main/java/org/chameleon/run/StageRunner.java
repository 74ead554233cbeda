package org.chameleon.run;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.SparkContext;
import org.chameleon.cluster.Progress;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.Secrets;
import org.chameleon.run.StageRecord.Status;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs stages one after another: reuses what an earlier run left if its fingerprint still holds,
 * else lets the stage write into a staging folder, moves that into place, and records it in {@code
 * run.json}. What an earlier run left is recorded as stale until this one has come to it.
 */
public final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);

  private final RunDirectory directory;
  private final SparkContext spark;
  private final Stage until;
  private final Map<Stage, String> fingerprints = new TreeMap<>();
  private RunRecord record;

  /**
   * Begins a run, and says so in {@code run.json}.
   *
   * @param until last stage to run
   * @param start record of a run that has not done anything
   */
  public StageRunner(RunDirectory directory, SparkContext spark, Stage until, RunRecord start) {
    this.directory = directory;
    this.spark = spark;
    this.until = until;
    RunRecord before = directory.earlier();
    this.record = start.withStages(earlier(before)).withChangesOf(before);
    directory.write(record);
  }

  /**
   * Records that what a stage needs cannot be opened. A run that was to be overwritten stays as it
   * is, its record too.
   *
   * @param start record of a run that has not done anything
   */
  public static void refuse(
      RunDirectory directory, SparkContext spark, RunRecord start, Stage stage, Throwable failure) {
    if (!directory.replacesRun()) {
      Instant now = Instant.now();
      attempt(
          () -> new StageRunner(directory, spark, stage, start).fail(stage, "", now, failure),
          failure);
    }
  }

  private static Map<String, StageRecord> earlier(RunRecord before) {
    Map<String, StageRecord> stages = new TreeMap<>();
    if (before != null) {
      before
          .stages()
          .forEach(
              (stage, found) -> {
                if (!found.files().isEmpty()) {
                  stages.put(stage, found.withStatus(Status.STALE));
                }
              });
    }
    return stages;
  }

  /**
   * Goes on with a run that has ended: what its stages made stays current until a stage makes it
   * anew.
   *
   * @param until last stage to run
   * @param start record of a run that has not done anything
   */
  public static StageRunner goingOn(
      RunDirectory directory, SparkContext spark, Stage until, RunRecord start) {
    return new StageRunner(directory, spark, until, start, directory.record());
  }

  private StageRunner(
      RunDirectory directory, SparkContext spark, Stage until, RunRecord start, RunRecord before) {
    this.directory = directory;
    this.spark = spark;
    this.until = until;
    this.record = start.withStages(before.stages()).withChangesOf(before);
    for (Stage stage : Stage.values()) {
      if (before.needs(stage) && before.stage(stage) != null) {
        fingerprints.put(stage, before.stage(stage).fingerprint());
      }
    }
    fingerprints.keySet().removeIf(stage -> !Stage.EVALUATE.isAfter(stage));
  }

  /** What a stage does: writes its output, and says what it counted. */
  @FunctionalInterface
  public interface Work {
    /** Does the stage's work. */
    Counts into(StageOutput output);
  }

  /**
   * Runs a stage, unless it lies behind the last one asked for or its output can be reused.
   *
   * @param inputs all that its output depends on, besides the stages before it
   */
  public void run(Stage stage, List<?> inputs, Work work) {
    String fingerprint = fingerprint(stage, inputs);
    record = record.withNeed(stage);
    StageRecord found = record.stage(stage);
    boolean holds =
        found != null
            && fingerprint.equals(found.fingerprint())
            && directory.isIntact(stage, found.files());
    if (holds) {
      StageRecord reused = found.reused();
      keep(stage, reused);
      if (!stage.isAfter(until)) {
        log(stage, reused);
      }
    } else if (!stage.isAfter(until)) {
      make(stage, fingerprint, work);
    }
  }

  /**
   * Takes a stage as it is, whatever its output would be now.
   *
   * @param inputs all that it would depend on now, so that it is reused where it still does; null
   *     where it depends on what it did
   */
  public void take(Stage stage, List<?> inputs) {
    StageRecord found = record.stage(stage);
    String fingerprint = inputs == null ? found.fingerprint() : fingerprint(stage, inputs);
    fingerprints.put(stage, fingerprint);
    record = record.withNeed(stage);
    keep(stage, found.withFingerprint(fingerprint).reused());
  }

  /**
   * Keeps what an earlier command made beside the run, if it is still about what the run made; it
   * stays stale else, and nothing depends on it.
   *
   * @param holds whether it is about what the stages before it made
   */
  public void keep(Stage stage, BooleanSupplier holds) {
    StageRecord found = record.stage(stage);
    if (found != null
        && found.status() == Status.STALE
        && directory.isIntact(stage, found.files())
        && !stage.isAfter(until)
        && holds.getAsBoolean()) {
      fingerprints.put(stage, found.fingerprint());
      record = record.withNeed(stage);
      keep(stage, found.reused());
    }
  }

  private void make(Stage stage, String fingerprint, Work work) {
    Instant start = Instant.now();
    LOG.info("stage={} status=started", stage);
    spark.setJobGroup(stage.toString(), "chameleon " + stage, true);
    TaskMetrics metrics = TaskMetrics.of(spark, stage.toString());
    try {
      StageOutput output =
          new StageOutput(
              directory.folder(),
              directory.beginDraft(),
              metrics,
              directory.earlier(stage, record));
      Counts counts = output.withOrigin(watched(work, output).withWork(metrics));
      List<String> before = new ArrayList<>(record.paths(stage));
      before.removeAll(output.keptFiles().stream().map(FileRecord::path).collect(toSet()));
      // What was made of the output before no longer holds.
      record = record.withStaleAfter(stage);
      // Until the last write all files that may lie there are recorded as ours, of no attempt.
      keep(stage, StageRecord.moving(utc(start), before(stage), output.files()));
      directory.acceptDraft(stage, before, output.files());
      StageRecord done =
          new StageRecord(
              Status.DONE,
              fingerprint,
              utc(start),
              secondsSince(start),
              output.filesAndKept(),
              null,
              null,
              counts,
              output.fingerprints());
      keep(stage, done);
      log(stage, done);
    } catch (Throwable failure) {
      // Spark throws checked exceptions undeclared, and native libraries errors.
      fail(stage, fingerprint, start, failure);
      throw failure;
    } finally {
      spark.clearJobGroup();
    }
  }

  private Counts watched(Work work, StageOutput output) {
    Progress progress = Progress.watch(spark, output.metrics());
    try (progress) {
      return work.into(output);
    }
  }

  /** Records a failure; what cannot be recorded or removed any more is said beside it. */
  private void fail(Stage stage, String fingerprint, Instant start, Throwable failure) {
    StageRecord before = record.stage(stage);
    StageRecord output = before != null ? before : StageRecord.failed(fingerprint, utc(start));
    StageRecord failed = output.withFailure(utc(start), secondsSince(start), failure);
    log(stage, failed);
    attempt(() -> keep(stage, failed), failure);
    attempt(directory::deleteDraft, failure);
  }

  private static void attempt(Runnable step, Throwable failure) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** One line of {@code key=value} pairs, for people and for log collectors. */
  private static void log(Stage stage, StageRecord ended) {
    StringJoiner line = new StringJoiner(" ");
    line.add("stage=" + stage).add("status=" + ended.status()).add("seconds=" + ended.seconds());
    if (ended.status() != Status.FAILED) {
      for (Counts.Name<?> name :
          List.of(
              Counts.WINDOWS,
              Counts.TOKENS,
              Counts.BYTES_READ,
              Counts.TASK_SECONDS,
              Counts.KEPT_DOMAINS,
              Counts.DEVICE,
              Counts.PRECISION)) {
        ended.counts().value(name).ifPresent(value -> line.add(name + "=" + value));
      }
    } else {
      line.add("error=" + Json.text(ended.error()).strip());
    }
    LOG.info("{}", line);
  }

  private void keep(Stage stage, StageRecord stageRecord) {
    record = record.with(stage, stageRecord);
    directory.write(record);
  }

  private List<FileRecord> before(Stage stage) {
    StageRecord found = record.stage(stage);
    return found == null ? List.of() : found.files();
  }

  private String fingerprint(Stage stage, List<?> inputs) {
    JsonNode tree = Secrets.hidden(Json.configuration(inputs));
    Map<Stage, String> upstream = stage.dependsOnEarlier() ? fingerprints : Map.of();
    String text = record.version() + stage + upstream + Json.text(tree);
    String fingerprint = DigestUtils.sha256Hex(text);
    fingerprints.put(stage, fingerprint);
    return fingerprint;
  }

  private static String utc(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static double secondsSince(Instant start) {
    return Math.round(start.until(Instant.now(), ChronoUnit.MILLIS) / 100.0) / 10.0;
  }
}
