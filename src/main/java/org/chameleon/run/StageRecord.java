package org.chameleon.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.Failures;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Json;

/**
 * One stage of a run. Fingerprint, files and counts are those of the output that is in place, also
 * where a later attempt failed.
 *
 * @param status how the last attempt ended
 * @param fingerprint hash of the output's configuration and inputs
 * @param startedAt of the last attempt, UTC, ISO 8601
 * @param seconds that it took
 * @param files what lies there
 * @param error why the last attempt failed, null if it did not
 * @param mayPass whether the same attempt may succeed at another time, null if it did not fail
 * @param counts what was counted
 * @param fingerprints of the output of each domain, where a stage can keep those that still hold
 */
public record StageRecord(
    Status status,
    String fingerprint,
    String startedAt,
    double seconds,
    List<FileRecord> files,
    String error,
    Boolean mayPass,
    Counts counts,
    SortedMap<String, String> fingerprints) {

  private static final SortedMap<String, String> NONE = new TreeMap<>();

  /** The type of the field. */
  private static final class Fingerprints extends TreeMap<String, String> {
    private static final long serialVersionUID = 1L;
  }

  /** How a stage ended. */
  public enum Status {
    /** It made its output. */
    DONE,
    /** It failed; an output of before is still there if files are recorded. */
    FAILED,
    /** The output of before still holds. */
    REUSED,
    /** An output of before that the last attempt did not come to, or that no longer holds. */
    STALE;

    /** Returns whether the output is that of the run's configuration. */
    public boolean isCurrent() {
      return this == DONE || this == REUSED;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the collections. */
  public StageRecord {
    files = List.copyOf(files);
    fingerprints = new TreeMap<>(fingerprints);
  }

  /** Returns the record of a first attempt that failed. */
  static StageRecord failed(String fingerprint, String startedAt) {
    return new StageRecord(
        Status.FAILED, fingerprint, startedAt, 0, List.of(), null, null, Counts.NONE, NONE);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static StageRecord read(JsonNode json) {
    List<FileRecord> files = new ArrayList<>();
    json.path("files").forEach(file -> files.add(Json.convert(file, FileRecord.class)));
    return new StageRecord(
        Json.convert(json.path("status"), Status.class),
        json.path("fingerprint").asText(),
        json.path("startedAt").asText(),
        json.path("seconds").asDouble(),
        files,
        json.path("error").textValue(),
        json.path("mayPass").isBoolean() ? (Boolean) json.path("mayPass").booleanValue() : null,
        Counts.read(json),
        json.has("fingerprints")
            ? Json.convert(json.get("fingerprints"), Fingerprints.class)
            : NONE);
  }

  /** Returns the fields of {@code run.json}: counts beside the others. */
  @JsonValue
  NavigableMap<String, Object> fields() {
    NavigableMap<String, Object> fields = new TreeMap<>();
    counts.forEach(fields::put);
    fields.put("status", status);
    fields.put("fingerprint", fingerprint);
    fields.put("startedAt", startedAt);
    fields.put("seconds", seconds);
    fields.put("files", files);
    if (!fingerprints.isEmpty()) {
      fields.put("fingerprints", fingerprints);
    }
    if (error != null) {
      fields.put("error", error);
    }
    if (mayPass != null) {
      fields.put("mayPass", mayPass);
    }
    return fields;
  }

  /** Returns the record of an output that is being replaced: all its files, and no fingerprint. */
  static StageRecord moving(String startedAt, List<FileRecord> before, List<FileRecord> after) {
    Map<String, FileRecord> files = new TreeMap<>();
    before.forEach(file -> files.put(file.path(), file));
    after.forEach(file -> files.put(file.path(), file));
    return new StageRecord(
        Status.STALE, "", startedAt, 0, List.copyOf(files.values()), null, null, Counts.NONE, NONE);
  }

  /** Returns this stage with another status. */
  StageRecord withStatus(Status newStatus) {
    return new StageRecord(
        newStatus, fingerprint, startedAt, seconds, files, error, mayPass, counts, fingerprints);
  }

  /** Returns this stage, as the output of other inputs. */
  StageRecord withFingerprint(String other) {
    return new StageRecord(
        status, other, startedAt, seconds, files, error, mayPass, counts, fingerprints);
  }

  /** Returns this stage, reused: why an attempt in between failed is of no more interest. */
  StageRecord reused() {
    return new StageRecord(
        Status.REUSED, fingerprint, startedAt, seconds, files, null, null, counts, fingerprints);
  }

  /** Returns the record of an attempt that failed over this output. */
  StageRecord withFailure(String newStartedAt, double newSeconds, Throwable failure) {
    return new StageRecord(
        Status.FAILED,
        fingerprint,
        newStartedAt,
        newSeconds,
        files,
        Failures.message(failure),
        Failures.mayPass(failure),
        counts,
        fingerprints);
  }
}
