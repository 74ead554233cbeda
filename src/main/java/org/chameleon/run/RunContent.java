package org.chameleon.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.Folder;
import org.chameleon.storage.FolderContent;
import org.chameleon.storage.Json;

/** What makes a folder that of a run: a {@code run.json} of this tool, and the files it lists. */
final class RunContent {
  /** The record. */
  static final String RECORD = "run.json";

  /** What is kept of work that was cut off. */
  static final String WORK = ".evaluation";

  /** What a folder with a run has. */
  static final FolderContent CONTENT =
      new FolderContent(
          folder ->
              folder.has(RECORD)
                  ? "a run (its " + RECORD + " is of another tool, or cannot be read)"
                  : "a run (it has no " + RECORD + ")",
          RunContent::isRun,
          RunContent::paths,
          folder -> hasOutput(folder) ? Optional.of("exists") : Optional.empty(),
          "--resume to keep what still holds, --overwrite to start over");

  private RunContent() {}

  /** Returns whether a folder has the record of a run of this tool. */
  static boolean isRun(Folder folder) {
    try {
      return folder.has(RECORD) && isOurs(folder.json(RECORD, JsonNode.class));
    } catch (InvalidInputException e) {
      return false;
    }
  }

  private static boolean isOurs(JsonNode record) {
    return RunRecord.TOOL.equals(record.path("tool").textValue());
  }

  private static List<String> paths(Folder folder) {
    RunRecord record = record(folder);
    return record == null ? List.of() : record.paths();
  }

  /** Returns whether any stage of a run has left something. */
  static boolean hasOutput(Folder folder) {
    return !paths(folder).isEmpty();
  }

  /**
   * Returns the record of a folder, or null where there is none.
   *
   * @throws InvalidInputException if it is not one of this tool, or of a newer version
   */
  static RunRecord record(Folder folder) {
    if (!folder.has(RECORD)) {
      return null;
    }
    byte[] text = folder.bytes(RECORD);
    String where = folder.uri(RECORD);
    JsonNode tree = Json.read(text, JsonNode.class, where);
    if (!isOurs(tree)) {
      throw new InvalidInputException(
          "Cannot read %s: it is not the record of a run of this tool%s. Give the directory of a run."
              .formatted(where, tree.has("tool") ? ", but of " + tree.get("tool") : ""));
    }
    if (tree.path("schemaVersion").asInt() > RunRecord.SCHEMA_VERSION) {
      throw new InvalidInputException(
          "Cannot read %s: version %s of this tool wrote it, in a newer layout. Use that version."
              .formatted(where, tree.path("version")));
    }
    return Json.read(text, RunRecord.class, where);
  }
}
