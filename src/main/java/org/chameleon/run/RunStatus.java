package org.chameleon.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a run has done what it was asked for.
 *
 * @param stages in order, up to the last one asked for; null where a stage has not ended
 * @param problems a sentence for each reason why it has not; none if it has
 * @param futile whether it would fail again for the same reason, whenever it is tried
 */
public record RunStatus(Map<Stage, StageRecord> stages, List<String> problems, boolean futile) {

  /**
   * Reads the status of a run.
   *
   * @param until last stage asked for
   * @param runId of the submission that must have written it; null: any
   */
  public static RunStatus of(RunDirectory directory, Stage until, String runId) {
    Map<Stage, StageRecord> stages = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    RunRecord record = directory.record();
    if (record == null) {
      problems.add(
          "There is no run in %s: it ended before it wrote run.json. The driver's log says why."
              .formatted(directory));
      return new RunStatus(stages, problems, false);
    }
    boolean another = runId != null && !runId.equals(record.runId());
    if (another) {
      problems.add(
          "The run in %s was written by '%s', not by '%s', which ended before it wrote run.json. Its driver's log says why."
              .formatted(directory, record.runId(), runId));
    }
    for (Stage stage : Stage.values()) {
      if (record.needs(stage) && !stage.isAfter(until)) {
        StageRecord found = record.stage(stage);
        stages.put(stage, found);
        problem(stage, found, problems);
      }
    }
    boolean futile = stages.values().stream().anyMatch(RunStatus::wouldFailAgain);
    return new RunStatus(stages, problems, futile && !another);
  }

  private static boolean wouldFailAgain(StageRecord found) {
    return found != null
        && found.status() == StageRecord.Status.FAILED
        && Boolean.FALSE.equals(found.mayPass());
  }

  private static void problem(Stage stage, StageRecord found, List<String> problems) {
    if (found == null) {
      problems.add("Stage " + stage + " has not ended.");
      return;
    }
    switch (found.status()) {
      case FAILED -> problems.add("Stage " + stage + " failed: " + found.error());
      case STALE ->
          problems.add(
              "Stage %s has not ended: what is there was made by an earlier attempt."
                  .formatted(stage));
      case DONE, REUSED -> {}
    }
  }
}
