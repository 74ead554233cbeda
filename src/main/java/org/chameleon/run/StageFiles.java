package org.chameleon.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;

/**
 * Where the files of each stage are read. Those of a change are in its own folder if it has begun
 * the stage, besides those of the run's tables that stay as they are; else all are the run's.
 */
final class StageFiles {
  private final Folder folder;
  private final StageFiles below;

  /**
   * Creates the files of a folder.
   *
   * @param below those of the run that a change is of; null of a run
   */
  StageFiles(Folder folder, StageFiles below) {
    this.folder = folder;
    this.below = below;
  }

  /** Returns the folder in which a stage's files lie, but those of tables that stay. */
  Folder of(Stage stage) {
    return isOwn(stage) ? folder : below.of(stage);
  }

  private boolean isOwn(Stage stage) {
    return below == null || folder.has(stage.output());
  }

  boolean has(Stage stage, String path) {
    return of(stage).has(path);
  }

  /** Returns whether files are there, by their sizes. */
  boolean areIntact(Stage stage, List<FileRecord> files) {
    return !files.isEmpty() && files.stream().allMatch(file -> isIntact(stage, file));
  }

  private boolean isIntact(Stage stage, FileRecord file) {
    return (isOwn(stage) && folder.hasSize(file.path(), file.bytes()))
        || (below != null && below.isIntact(stage, file));
  }

  /**
   * Returns a table.
   *
   * @param files what is recorded of the stage
   */
  Dataset<Row> table(SparkSession spark, Artifact artifact, List<FileRecord> files) {
    if (below == null || !isOwn(artifact.stage())) {
      return of(artifact.stage()).parts(spark, artifact.path(), artifact.schema());
    }
    Set<String> written = Set.copyOf(folder.paths(artifact.path()));
    List<String> uris = new ArrayList<>();
    for (FileRecord file : files) {
      if (file.path().startsWith(artifact.path() + "/")) {
        Folder there = written.contains(file.path()) ? folder : below.of(artifact.stage());
        uris.add(there.uri(file.path()));
      }
    }
    return Folder.files(spark, uris, artifact.schema());
  }
}
