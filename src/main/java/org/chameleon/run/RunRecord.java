package org.chameleon.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.storage.FileRecord;

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
 * @param needs names of the stages that this configuration goes through, in order
 * @param stages by name
 * @param changes of its domains since they were first computed, in order
 */
public record RunRecord(
    int schemaVersion,
    String tool,
    String version,
    String commit,
    String runId,
    JsonNode configuration,
    Map<String, String> versions,
    List<String> needs,
    Map<String, StageRecord> stages,
    List<Change> changes) {

  /** The version of the layout that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** What {@code tool} says. */
  public static final String TOOL = "chameleon";

  private static final List<String> USUAL =
      Arrays.stream(Stage.values())
          .filter(s -> s != Stage.COUNT && s != Stage.EVALUATE)
          .map(Stage::toString)
          .toList();

  /** Copies the maps; where nothing is said of needs, it is what every run needs. */
  public RunRecord {
    versions = new TreeMap<>(versions);
    stages = new TreeMap<>(stages);
    needs = needs == null ? USUAL : List.copyOf(needs);
    changes = changes == null ? List.of() : List.copyOf(changes);
  }

  /** Returns the record of a run whose domains have not been changed. */
  static RunRecord unchanged(
      Head head, JsonNode configuration, Map<String, String> versions, List<String> needs) {
    return new RunRecord(
        SCHEMA_VERSION,
        TOOL,
        head.version(),
        head.commit(),
        head.runId(),
        configuration,
        versions,
        needs,
        Map.of(),
        List.of());
  }

  /** Who writes a record. */
  record Head(String version, String commit, String runId) {}

  /** Returns this record, of a run that has been changed as another was; null: not at all. */
  RunRecord withChangesOf(RunRecord other) {
    return with(stages, needs, other == null ? List.of() : other.changes);
  }

  /** Returns this record after one more change. */
  RunRecord withChange(Change change) {
    List<Change> more = new ArrayList<>(changes);
    more.add(change);
    return with(stages, needs, more);
  }

  private RunRecord with(
      Map<String, StageRecord> newStages, List<String> newNeeds, List<Change> newChanges) {
    return new RunRecord(
        schemaVersion,
        tool,
        version,
        commit,
        runId,
        configuration,
        versions,
        newNeeds,
        newStages,
        newChanges);
  }

  /** Returns whether the configuration goes through a stage. */
  public boolean needs(Stage stage) {
    return needs.contains(stage.toString());
  }

  /** Returns whether its last change is of a submission. */
  public boolean isChangedBy(String submission) {
    return !changes.isEmpty() && changes.get(changes.size() - 1).runId().equals(submission);
  }

  /** Returns what is recorded of a stage, or null. */
  public StageRecord stage(Stage stage) {
    return stages.get(stage.toString());
  }

  /** Returns this record with one stage changed. */
  RunRecord with(Stage stage, StageRecord record) {
    Map<String, StageRecord> changed = new TreeMap<>(stages);
    changed.put(stage.toString(), record);
    return withStages(changed);
  }

  /** Returns the paths of all files that stages wrote, as far as they lie where stages write. */
  List<String> paths() {
    return Arrays.stream(Stage.values()).flatMap(stage -> paths(stage).stream()).toList();
  }

  /** Returns the paths of the files that a stage wrote. */
  List<String> paths(Stage stage) {
    StageRecord found = stage(stage);
    return found == null
        ? List.of()
        : found.files().stream().map(FileRecord::path).filter(stage::mayWrite).toList();
  }

  /** Returns this record, of a configuration that goes through one more stage. */
  RunRecord withNeed(Stage stage) {
    List<String> more =
        Arrays.stream(Stage.values())
            .filter(s -> s == stage || needs(s))
            .map(Stage::toString)
            .toList();
    return with(stages, more, changes);
  }

  /** Returns this record, in which what lies behind a stage is of an earlier attempt. */
  RunRecord withStaleAfter(Stage stage) {
    Map<String, StageRecord> changed = new TreeMap<>(stages);
    for (Stage later : Stage.values()) {
      StageRecord found = later.isAfter(stage) ? stage(later) : null;
      if (found != null && !found.files().isEmpty()) {
        changed.put(later.toString(), found.withStatus(StageRecord.Status.STALE));
      }
    }
    return withStages(changed);
  }

  /** Returns this record with other stages. */
  RunRecord withStages(Map<String, StageRecord> changed) {
    return with(changed, needs, changes);
  }
}
