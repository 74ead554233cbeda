package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.SparkContext;
import org.chameleon.RunRecord.Counts;
import org.chameleon.RunRecord.StageRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs stages one after another: reuses what an earlier run left if its fingerprint still holds,
 * else lets the stage write into a staging folder, moves that into place, and records it in {@code
 * run.json}.
 */
final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(Chameleon.class);

  private final RunDirectory directory;
  private final SparkContext spark;
  private final Stage until;
  private final Map<String, StageRecord> earlier;
  private final Map<Stage, String> fingerprints = new TreeMap<>();
  private RunRecord record;

  StageRunner(RunDirectory directory, SparkContext spark, Stage until, RunRecord start) {
    RunRecord before = directory.record();
    this.directory = directory;
    this.spark = spark;
    this.until = until;
    this.earlier = before == null ? Map.of() : before.stages();
    this.record = start;
    directory.write(record);
  }

  /** What a stage does: writes into a folder of the run directory, and says what it counted. */
  @FunctionalInterface
  interface Work {
    /** Does the stage's work, writing below {@code folder}. */
    Counts into(String folder);
  }

  /**
   * Runs a stage, unless it lies behind the last one asked for or its output can be reused.
   *
   * @param inputs all that its output depends on, besides the stages before it
   */
  void run(Stage stage, List<?> inputs, Work work) {
    String fingerprint = fingerprint(stage, inputs);
    StageRecord found = earlier.get(stage.toString());
    boolean holds =
        found != null
            && found.error() == null
            && isIntact(found)
            && fingerprint.equals(found.fingerprint());
    if (stage.compareTo(until) > 0) {
      if (holds) {
        keep(stage, found);
      }
      return;
    }
    Instant start = Instant.now();
    if (holds) {
      log(found.as("reused", null), stage);
      keep(stage, found.as("reused", null));
      return;
    }
    LOG.info("stage={} status=started", stage);
    spark.setJobGroup(stage.toString(), "chameleon " + stage, true);
    try {
      Counts counts = work.into(directory.stage(stage));
      directory.publish(stage);
      double seconds = secondsSince(start);
      StageRecord done =
          StageRecord.of("done", fingerprint, utc(start), seconds)
              .with(counts, directory.files(stage.output()));
      keep(stage, done);
      log(done, stage);
    } catch (RuntimeException e) {
      directory.deleteStaging();
      StageRecord failed =
          StageRecord.of("failed", fingerprint, utc(start), secondsSince(start))
              .as("failed", Failures.message(e));
      keep(stage, failed);
      log(failed, stage);
      throw e;
    } finally {
      spark.clearJobGroup();
    }
  }

  /** One line of {@code key=value} pairs, for people and for log collectors. */
  private static void log(StageRecord ended, Stage stage) {
    StringJoiner line = new StringJoiner(" ");
    line.add("stage=" + stage).add("status=" + ended.status()).add("seconds=" + ended.seconds());
    add(line, "windows", ended.windows());
    add(line, "tokens", ended.tokens());
    add(line, "bytesRead", ended.bytesRead());
    add(line, "taskSeconds", ended.taskSeconds());
    add(line, "device", ended.device());
    add(line, "precision", ended.precision());
    add(line, "error", ended.error() == null ? null : Json.text(ended.error()).strip());
    LOG.info("{}", line);
  }

  private static void add(StringJoiner line, String key, Object value) {
    if (value != null) {
      line.add(key + "=" + value);
    }
  }

  private void keep(Stage stage, StageRecord stageRecord) {
    record = record.with(stage, stageRecord);
    directory.write(record);
  }

  /** Sizes are compared, not hashes: {@code verify} is for those. */
  private boolean isIntact(StageRecord found) {
    return !found.files().isEmpty()
        && found.files().stream().allMatch(file -> directory.hasSize(file.path(), file.bytes()));
  }

  private String fingerprint(Stage stage, List<?> inputs) {
    JsonNode tree = Json.configuration(inputs);
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
