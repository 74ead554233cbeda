package org.chameleon;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chameleon.cluster.TaskMetrics;

/**
 * The content of {@code run.json}: what ran, with what, and how it went. It is the only file of a
 * run with clocks in it.
 *
 * @param schemaVersion version of this layout
 * @param tool {@code chameleon}
 * @param version of the tool
 * @param commit of the tool's source, or {@code unknown}
 * @param runId of the submission that wrote this last
 * @param configuration as resolved, without secrets
 * @param versions of Spark, Java, DJL and PyTorch
 * @param stages by name
 */
public record RunRecord(
    int schemaVersion,
    String tool,
    String version,
    String commit,
    String runId,
    JsonNode configuration,
    Map<String, String> versions,
    Map<String, StageRecord> stages) {

  /** The version of the layout that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** Copies the maps. */
  public RunRecord {
    versions = new TreeMap<>(versions);
    stages = new TreeMap<>(stages);
  }

  /** Returns this record with one stage changed. */
  RunRecord with(Stage stage, StageRecord record) {
    Map<String, StageRecord> changed = new TreeMap<>(stages);
    changed.put(stage.toString(), record);
    return new RunRecord(
        schemaVersion, tool, version, commit, runId, configuration, versions, changed);
  }

  /**
   * One stage of a run. Counts that do not apply to it are left out, as is {@code error} unless it
   * failed.
   *
   * @param status {@code done}, {@code failed} or {@code reused}
   * @param fingerprint hash of its configuration and inputs
   * @param startedAt UTC, ISO 8601
   * @param seconds that it took
   * @param files what it wrote
   * @param error why it failed
   * @param domains domains
   * @param windows windows
   * @param tokens tokens sampled, embedded, trained on or planned
   * @param bytesRead bytes that its tasks read from the corpus
   * @param parameters weights of the proxy
   * @param flops floating-point operations of training
   * @param device what it was computed on
   * @param precision number format of the products
   * @param taskSeconds time of all tasks' work together
   * @param gpus which GPUs Spark gave to the tasks of which executor
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StageRecord(
      String status,
      String fingerprint,
      String startedAt,
      double seconds,
      List<FileRecord> files,
      String error,
      Long domains,
      Long windows,
      Long tokens,
      Long bytesRead,
      Long parameters,
      Double flops,
      String device,
      String precision,
      Double taskSeconds,
      Set<String> gpus) {

    /** Returns a stage that has counted something. */
    static StageRecord of(String status, String fingerprint, String startedAt, double seconds) {
      return new StageRecord(
          status,
          fingerprint,
          startedAt,
          seconds,
          List.of(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null);
    }

    /** Returns this stage with what it wrote and counted. */
    StageRecord with(Counts counts, List<FileRecord> written) {
      return new StageRecord(
          status,
          fingerprint,
          startedAt,
          seconds,
          written,
          error,
          counts.domains(),
          counts.windows(),
          counts.tokens(),
          counts.bytesRead(),
          counts.parameters(),
          counts.flops(),
          counts.device(),
          counts.precision(),
          counts.taskSeconds(),
          counts.gpus());
    }

    /** Returns this stage with another status. */
    StageRecord as(String newStatus, String newError) {
      return new StageRecord(
          newStatus,
          fingerprint,
          startedAt,
          seconds,
          files,
          newError,
          domains,
          windows,
          tokens,
          bytesRead,
          parameters,
          flops,
          device,
          precision,
          taskSeconds,
          gpus);
    }
  }

  /** What a stage counted, in the terms of {@link StageRecord}; null for what does not apply. */
  record Counts(
      Long domains,
      Long windows,
      Long tokens,
      Long bytesRead,
      Long parameters,
      Double flops,
      String device,
      String precision,
      Double taskSeconds,
      Set<String> gpus) {

    static Counts none() {
      return new Counts(null, null, null, null, null, null, null, null, null, null);
    }

    Counts domains(long count) {
      return with(count, windows, tokens);
    }

    Counts windows(long count) {
      return with(domains, count, tokens);
    }

    Counts tokens(Long count) {
      return with(domains, windows, count);
    }

    private Counts with(Long newDomains, Long newWindows, Long newTokens) {
      return new Counts(
          newDomains,
          newWindows,
          newTokens,
          bytesRead,
          parameters,
          flops,
          device,
          precision,
          taskSeconds,
          gpus);
    }

    Counts model(long weights, double operations) {
      return new Counts(
          domains,
          windows,
          tokens,
          bytesRead,
          weights,
          operations,
          device,
          precision,
          taskSeconds,
          gpus);
    }

    /** Takes what tasks have counted: what was read, what on, and how long it took them. */
    Counts of(TaskMetrics tasks) {
      String used = tasks.devices();
      int space = used.indexOf(' ');
      return new Counts(
          domains,
          windows,
          tokens,
          tasks.bytesRead() == 0 ? bytesRead : (Long) tasks.bytesRead(),
          parameters,
          flops,
          space < 0 ? null : used.substring(0, space),
          space < 0 ? null : used.substring(space + 1),
          tasks.seconds(),
          tasks.gpus().isEmpty() ? null : tasks.gpus());
    }
  }

  /**
   * A file as it was written.
   *
   * @param path relative to the run directory
   * @param bytes its size
   * @param sha256 of its content, hexadecimal
   * @param rows of a Parquet file, null for others
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FileRecord(String path, long bytes, String sha256, Long rows) {}
}
