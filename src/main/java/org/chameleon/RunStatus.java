package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.RunRecord.StageRecord;

/**
 * Whether a run has done what it was asked for.
 *
 * @param stages in order, up to the last one asked for; null where a stage has not ended
 * @param problems a sentence for each reason why it has not; none if it has
 */
public record RunStatus(Map<Stage, StageRecord> stages, List<String> problems) {

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
          "There is no run in "
              + directory
              + ": it ended before it wrote run.json. The driver's log says why.");
      return new RunStatus(stages, problems);
    }
    if (runId != null && !runId.equals(record.runId())) {
      problems.add(
          "The run in %s was written by '%s', not by '%s', which ended before it wrote run.json. Its driver's log says why."
              .formatted(directory, record.runId(), runId));
    }
    for (Stage stage : Stage.values()) {
      if (isNeeded(stage, record.configuration()) && stage.compareTo(until) <= 0) {
        StageRecord found = record.stages().get(stage.toString());
        stages.put(stage, found);
        if (found == null) {
          problems.add("Stage " + stage + " has not ended.");
        } else if (found.error() != null) {
          problems.add("Stage " + stage + " failed: " + found.error());
        }
      }
    }
    return new RunStatus(stages, problems);
  }

  private static boolean isNeeded(Stage stage, JsonNode configuration) {
    if (stage == Stage.COUNT) {
      String count = configuration.at("/plan/count").asText();
      boolean tokenizer = configuration.at("/plan/tokenizer").isTextual();
      return count.equals("exact") || (count.equals("estimate") && tokenizer);
    }
    boolean external = configuration.at("/embedding/from").isTextual();
    return !external || stage.compareTo(Stage.EMBED) >= 0;
  }
}
