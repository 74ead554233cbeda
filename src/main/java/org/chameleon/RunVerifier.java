package org.chameleon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.RunRecord.FileRecord;
import org.chameleon.config.InvalidInputException;

/** Checks a run directory against what {@code run.json} recorded of each file. */
public final class RunVerifier {
  private final RunDirectory directory;
  private int files;

  /** Creates a verifier of one run. */
  public RunVerifier(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * Returns a line for every file that is missing, changed or not recorded, and for every stage
   * that failed; none if the run is as it was written.
   *
   * @throws InvalidInputException if there is no run
   */
  public List<String> problems() {
    return problems(Stage.values());
  }

  /** As {@link #problems()}, for some of the stages. */
  List<String> problems(Stage... stages) {
    RunRecord record = directory.record();
    if (record == null) {
      throw new InvalidInputException(
          "Cannot verify %s: it has no run.json. Give the directory of a run."
              .formatted(directory));
    }
    List<String> problems = new ArrayList<>();
    files = 0;
    for (Stage stage : stages) {
      RunRecord.StageRecord found = record.stages().get(stage.toString());
      if (found == null) {
        continue;
      }
      if (found.error() != null) {
        problems.add(stage + " failed: " + found.error());
        continue;
      }
      compare(found.files(), directory.files(stage.output()), problems);
    }
    return problems;
  }

  /** Returns how many files were compared by the last {@link #problems}. */
  public int files() {
    return files;
  }

  private void compare(List<FileRecord> recorded, List<FileRecord> present, List<String> problems) {
    Map<String, FileRecord> byPath = new TreeMap<>();
    present.forEach(file -> byPath.put(file.path(), file));
    for (FileRecord expected : recorded) {
      files++;
      FileRecord actual = byPath.remove(expected.path());
      if (actual == null) {
        problems.add(expected.path() + " is missing.");
      } else if (actual.bytes() != expected.bytes()) {
        problems.add(
            "%s has %d bytes, %d were written."
                .formatted(expected.path(), actual.bytes(), expected.bytes()));
      } else if (!java.util.Objects.equals(actual.rows(), expected.rows())) {
        problems.add(
            "%s has %d rows, %d were written."
                .formatted(expected.path(), actual.rows(), expected.rows()));
      } else if (!actual.sha256().equals(expected.sha256())) {
        problems.add(expected.path() + " was changed: its SHA-256 is another.");
      }
    }
    byPath.keySet().forEach(path -> problems.add(path + " was not written by the run."));
  }
}
