package org.chameleon.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Json;

/**
 * A change of a run that has ended, made in a hidden folder of it: the run stays as it is until the
 * change is whole, and then becomes the changed one. What was cut off goes on where it was: making
 * it, by the same change asked for again; putting it in place, by whoever opens the run next to
 * write it.
 */
public final class RunChange {
  /** Where it is made. */
  static final String FOLDER = ".change";

  private static final String REQUEST = "request";

  /** Is there once the change is whole: it is put in place as soon as the run's record has it. */
  private static final String WHOLE = FOLDER + "/whole";

  private final RunDirectory run;

  /**
   * Creates the change of a run.
   *
   * @param run open for writing
   */
  public RunChange(RunDirectory run) {
    this.run = run;
  }

  /**
   * Returns the directory that the change is made in. Of another change that was begun, or one of
   * the run as it was before, nothing is kept.
   *
   * @param asked what tells this change from others
   */
  public RunDirectory begin(Object asked) {
    String request = DigestUtils.sha256Hex(Json.text(asked) + Json.text(run.record("change")));
    Folder folder = run.folder();
    String path = FOLDER + "/" + REQUEST;
    if (folder.has(path) && !Json.text(request).equals(text(path))) {
      discard();
    }
    folder.delete(WHOLE);
    RunDirectory change = run.over(FOLDER);
    if (!folder.has(path)) {
      folder.write(path, Json.text(request));
    }
    RunRecord begun = change.record();
    for (Stage stage : Stage.values()) {
      StageRecord made = begun == null ? null : begun.stage(stage);
      if (made == null || !made.status().isCurrent()) {
        change.folder().delete(stage.output());
      }
    }
    return change;
  }

  private String text(String path) {
    return new String(run.folder().bytes(path), StandardCharsets.UTF_8);
  }

  /** Deletes what was made of a change. */
  public void discard() {
    run.folder().delete(WHOLE);
    run.folder().delete(FOLDER);
  }

  /** Puts a change that is whole in place. */
  public void commit(RunDirectory made, Change change) {
    RunRecord changed = made.record("change").withChangesOf(run.record()).withChange(change);
    made.write(changed);
    run.folder().write(WHOLE, "");
    put(changed);
  }

  /** Finishes to put in place what was cut off at that, if there is such a change. */
  void finish() {
    Folder folder = run.folder();
    if (!folder.has(WHOLE) || !RunContent.isRun(folder)) {
      return;
    }
    RunRecord changed = RunContent.record(folder.folder(FOLDER));
    if (changed != null && changed.changes().equals(run.record().changes())) {
      put(changed);
    }
  }

  private void put(RunRecord changed) {
    RunRecord record = run.record();
    Folder made = run.folder().folder(FOLDER);
    RunRecord moving = changed;
    for (Stage stage : Stage.values()) {
      if (made.has(stage.output())) {
        StageRecord after = changed.stage(stage);
        StageRecord before = record.stage(stage);
        List<FileRecord> old = before == null ? List.of() : before.files();
        moving = moving.with(stage, StageRecord.moving(after.startedAt(), old, after.files()));
      }
    }
    run.write(moving);
    for (Stage stage : Stage.values()) {
      if (made.has(stage.output())) {
        put(stage, moving.paths(stage), changed.paths(stage), made);
      }
    }
    run.write(changed);
    discard();
  }

  /** A file that has been moved already is not there any more to be moved. */
  private void put(Stage stage, List<String> all, List<String> after, Folder made) {
    Set<String> moved = new HashSet<>(after);
    List<String> left = made.paths(stage.output()).stream().filter(moved::contains).toList();
    left.forEach(moved::remove);
    List<String> replaced = new ArrayList<>(all);
    replaced.removeIf(moved::contains);
    run.accept(stage, FOLDER, replaced, left);
  }
}
