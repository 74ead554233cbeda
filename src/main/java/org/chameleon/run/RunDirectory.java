package org.chameleon.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.DomainTable;
import org.chameleon.evaluation.Recommendation;
import org.chameleon.evaluation.Results;
import org.chameleon.mixture.Mixture;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.storage.Existing;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;
import org.chameleon.storage.OwnFolder;
import org.chameleon.storage.Verifier;

/**
 * A run's files, by what they are. One process at a time writes them.
 *
 * <p>A change of a run is a directory over another: what is written goes into a folder of its own,
 * and what is not there is read from the run, until the change is put in place.
 */
public final class RunDirectory implements AutoCloseable {
  private final Folder folder;
  private final OwnFolder own;
  private final RunDirectory below;
  private final StageFiles files;
  private boolean overwrite;
  private RunDirectory base;

  private RunDirectory(Folder folder, OwnFolder own, RunDirectory below, boolean overwrite) {
    this.folder = folder;
    this.own = own;
    this.below = below;
    this.files = new StageFiles(folder, below == null ? null : below.files);
    this.overwrite = overwrite;
  }

  /**
   * Opens a directory for writing, by this process alone until it is closed. An earlier run that is
   * to be overwritten is deleted when the first stage begins.
   *
   * @param inputs what is read: it may not lie in the directory
   * @throws InvalidInputException if it exists and must not, is not a run, holds an input, cannot
   *     be written, or another process writes it
   */
  public static RunDirectory prepare(
      String uri, Existing existing, InputPaths inputs, Configuration hadoop) {
    Folder folder = Folder.at(uri, hadoop);
    OwnFolder own = OwnFolder.take(folder, RunContent.CONTENT, existing, inputs);
    RunDirectory run = new RunDirectory(folder, own, null, existing == Existing.OVERWRITE);
    try {
      new RunChange(run).finish();
      return run;
    } catch (Throwable failure) {
      run.close();
      throw failure;
    }
  }

  /**
   * Checks whether a directory could be prepared, without touching it.
   *
   * @throws InvalidInputException if it is not a run, must not exist, or holds an input
   */
  public static void requireWritable(
      String uri, Existing existing, InputPaths inputs, Configuration hadoop) {
    OwnFolder.requireFree(Folder.at(uri, hadoop), RunContent.CONTENT, existing, inputs);
  }

  /** Returns a directory over this one, which goes into a hidden folder of it. */
  RunDirectory over(String name) {
    writable().requireHeld();
    folder.makeFolder(name);
    return new RunDirectory(folder.folder(name), own.below(name), this, false);
  }

  /** Opens a directory for reading. */
  public static RunDirectory at(String uri, Configuration hadoop) {
    return new RunDirectory(Folder.at(uri, hadoop), null, null, false);
  }

  /** Lets others write the directory. */
  @Override
  public void close() {
    if (own != null && below == null) {
      own.close();
    }
  }

  /** Returns whether a URI is that of this directory. */
  public boolean is(String uri) {
    return Folder.at(uri, folder.hadoop()).uri("").equals(folder.uri(""));
  }

  /** Returns the folder that is written. */
  public Folder folder() {
    return folder;
  }

  /** Returns whether an artifact is there. */
  public boolean has(Artifact artifact) {
    return files.has(artifact.stage(), artifact.path());
  }

  /** Returns the content of an artifact that is one file. */
  public byte[] bytes(Artifact artifact) {
    return files.of(artifact.stage()).bytes(artifact.path());
  }

  /** Returns an artifact that is one JSON file. */
  public <T> T json(Artifact artifact, Class<T> type) {
    return files.of(artifact.stage()).json(artifact.path(), type);
  }

  /** Returns a JSON file that a stage wrote, if it is there. */
  Optional<JsonNode> json(Stage stage, String path) {
    return files.has(stage, path)
        ? Optional.of(files.of(stage).json(path, JsonNode.class))
        : Optional.empty();
  }

  /** Returns the URI of an artifact in the run; that of a change once it is in place. */
  public String uri(Artifact artifact) {
    return below == null ? folder.uri(artifact.path()) : below.uri(artifact);
  }

  /** Returns whether the files of a stage are there, by their sizes; hashes are for verifying. */
  boolean isIntact(Stage stage, List<FileRecord> written) {
    return files.areIntact(stage, written);
  }

  private Dataset<Row> table(SparkSession spark, Artifact artifact) {
    return files.table(spark, artifact, files(artifact.stage()));
  }

  /**
   * Returns the output that a stage may take over in part, if it is there as it was made: that of a
   * change's run, what lies in place, or that of the run that this one begins from; null if
   * nothing.
   */
  StageOutput.Earlier earlier(Stage stage, RunRecord now) {
    if (below != null) {
      return below.earlier(below.record().stage(stage), stage, true);
    }
    StageOutput.Earlier here = earlier(now.stage(stage), stage, true);
    return here != null || base == null || !base.isCurrent(stage)
        ? here
        : base.earlier(base.record().stage(stage), stage, false);
  }

  private StageOutput.Earlier earlier(StageRecord made, Stage stage, boolean inPlace) {
    return made != null && isIntact(stage, made.files())
        ? new StageOutput.Earlier(made, this, inPlace)
        : null;
  }

  /**
   * Begins from a finished run: what of it still holds is copied, not made again.
   *
   * @param earlier run, open for reading
   */
  public void beginFrom(RunDirectory earlier) {
    base = earlier;
  }

  /** Returns the run that this one begins from, if it does from any. */
  public Optional<RunDirectory> base() {
    return Optional.ofNullable(base);
  }

  /**
   * Returns {@code run.json}, or null where there is none yet.
   *
   * @throws InvalidInputException if it is not one of this tool, or of a newer version
   */
  public RunRecord record() {
    return RunContent.record(folder);
  }

  /** Returns whether there is a run that is to be overwritten, and has not been yet. */
  public boolean replacesRun() {
    return overwrite && RunContent.hasOutput(folder);
  }

  /**
   * Returns what an earlier run recorded, or null. Of one that is to be overwritten all files go
   * now, and nothing is returned; its record stays until it is replaced.
   */
  RunRecord earlier() {
    RunRecord record = record();
    if (record == null && below != null) {
      return below.record();
    }
    if (!overwrite || record == null) {
      return record;
    }
    own.clear(RunContent.CONTENT);
    deleteWork();
    folder.delete(RunChange.FOLDER);
    overwrite = false;
    return null;
  }

  /**
   * Returns {@code run.json}.
   *
   * @param verb what cannot be done without it
   * @throws InvalidInputException if there is none
   */
  public RunRecord record(String verb) {
    RunRecord record = record();
    if (record == null) {
      throw new InvalidInputException(
          "Cannot %s %s: it has no %s. Give the directory of a run."
              .formatted(verb, this, RunContent.RECORD));
    }
    return record;
  }

  /** Replaces {@code run.json} in one step: whoever reads it sees the old or the new one. */
  void write(RunRecord record) {
    writable().replace(RunContent.RECORD, Json.text(record));
  }

  private OwnFolder writable() {
    if (own == null) {
      throw new IllegalStateException(folder + " is open for reading only");
    }
    return own;
  }

  /** Returns the name of an empty folder for what a stage writes. */
  String beginDraft() {
    writable().requireHeld();
    deleteDraft();
    folder.makeFolder(own.drafts());
    return own.drafts();
  }

  /** Moves what a stage wrote into place, in place of what it wrote before. */
  void acceptDraft(Stage stage, List<String> before, List<FileRecord> written) {
    List<String> after = written.stream().map(FileRecord::path).toList();
    if (below != null) {
      folder.delete(stage.output());
    }
    writable().accept(stage.output(), below == null ? before : List.of(), after);
  }

  /** Moves what a change wrote into place, in place of what the stage wrote before. */
  void accept(Stage stage, String draft, List<String> before, List<String> after) {
    writable().accept(draft, stage.output(), before, after);
  }

  void deleteDraft() {
    folder.delete(writable().drafts());
  }

  /** Returns a hidden folder for what is kept of work that was cut off. */
  public Folder workFolder() {
    writable().requireHeld();
    folder.makeFolder(RunContent.WORK);
    return folder.folder(RunContent.WORK);
  }

  /** Deletes what is kept of work. */
  public void deleteWork() {
    writable().requireHeld();
    folder.delete(RunContent.WORK);
  }

  /** Returns the windows of a run that has sampled. */
  public Dataset<Row> windows(SparkSession spark) {
    return table(spark, Artifact.WINDOWS);
  }

  /** Returns the embeddings of a run that has embedded. */
  public Dataset<Row> samples(SparkSession spark) {
    return table(spark, Artifact.SAMPLES);
  }

  /** Returns what the embeddings of each domain come to, of a run that has embedded. */
  public Dataset<Row> states(SparkSession spark) {
    return table(spark, Artifact.STATES);
  }

  /**
   * Returns the embeddings of the domains, not what they are made of, of a run that has embedded.
   */
  public DomainEmbeddings means() {
    Folder there = files.of(Stage.EMBED);
    return DomainTable.read(there.uri(Artifact.MEANS.path()), there.hadoop());
  }

  /** Returns the files that a stage wrote. */
  public List<FileRecord> files(Stage stage) {
    return record("read").stage(stage).files();
  }

  /**
   * Returns what tells the proxy of a run from others: equal for equal checkpoints, trained or
   * given.
   */
  public String proxySha256() {
    return ProxyIdentity.of(this).map(ProxyIdentity::sha256).orElse("");
  }

  /** Returns what the output of each domain depends on, of a stage that has ended. */
  public SortedMap<String, String> fingerprints(Stage stage) {
    return record("read").stage(stage).fingerprints();
  }

  /** Returns what a stage that has ended has counted. */
  public Counts counts(Stage stage) {
    return record("read").stage(stage).counts();
  }

  /** Returns the sizes that the sample tells; nothing where none was drawn. */
  public DomainSizes statistics() {
    return sizes(Artifact.STATISTICS);
  }

  /** Returns the sizes that were counted; nothing where none were. */
  public DomainSizes tokens() {
    return sizes(Artifact.TOKENS);
  }

  private DomainSizes sizes(Artifact artifact) {
    return has(artifact) ? json(artifact, DomainSizes.class) : DomainSizes.UNKNOWN;
  }

  /** Returns the mixture of a run that has one. */
  public Mixture mixture() {
    return json(Artifact.MIXTURE, Mixture.class);
  }

  /** Returns the plan of a run that has one. */
  public SamplingPlan plan() {
    return json(Artifact.MANIFEST, SamplingPlan.class);
  }

  /** Returns what trained models say of this run's mixture as it is now, if it was evaluated. */
  public Optional<Results> results() {
    return isCurrent(Stage.EVALUATE)
        ? Optional.of(json(Artifact.RESULTS, Results.class))
        : Optional.empty();
  }

  /** Returns what to train with, if this run's mixture as it is now was evaluated. */
  public Optional<Recommendation> recommendation() {
    return isCurrent(Stage.EVALUATE)
        ? Optional.of(json(Artifact.RECOMMENDATION, Recommendation.class))
        : Optional.empty();
  }

  /**
   * Checks that a stage has made what the run's configuration asks for.
   *
   * @param verb what cannot be done else
   * @throws InvalidInputException if it has not
   */
  public void requireCurrent(String verb, Stage stage) {
    StageRecord found = record(verb).stage(stage);
    if (!isCurrent(found, stage)) {
      throw new InvalidInputException(
          "Cannot %s %s: its stage %s %s. Run it again with --resume."
              .formatted(verb, this, stage, found == null ? "has not ended" : why(found)));
    }
  }

  /** Returns whether a stage has made what the run's configuration asks for. */
  public boolean isCurrent(Stage stage) {
    RunRecord record = record();
    return record != null && record.needs(stage) && isCurrent(record.stage(stage), stage);
  }

  private boolean isCurrent(StageRecord found, Stage stage) {
    return found != null && found.status().isCurrent() && files.has(stage, stage.output());
  }

  private static String why(StageRecord found) {
    return switch (found.status()) {
      case FAILED -> "failed: " + found.error();
      case STALE -> "was not made by its last attempt";
      case DONE, REUSED -> "has lost its output";
    };
  }

  /**
   * Returns a line for every file of some stages that is missing, changed or not recorded, and for
   * every stage that failed or no longer holds; none if they are as they were written.
   *
   * @throws InvalidInputException if there is no run
   */
  public List<String> problems(Verifier verifier, Stage... stages) {
    RunRecord record = record("verify");
    List<String> problems = new ArrayList<>();
    for (Stage stage : stages) {
      StageRecord found = record.stage(stage);
      if (found == null || !record.needs(stage)) {
        continue;
      }
      if (found.status() == StageRecord.Status.FAILED) {
        problems.add(stage + " failed: " + found.error());
      } else if (!found.status().isCurrent()) {
        problems.add(stage + " is of an earlier configuration or attempt.");
      } else {
        problems.addAll(verifier.problems(found.files(), List.of(stage.output()), "by the run"));
      }
    }
    return problems;
  }

  /** Returns the files that the stages wrote which are what the configuration asks for. */
  public List<FileRecord> files() {
    List<FileRecord> current = new ArrayList<>();
    RunRecord record = record("verify");
    for (Stage stage : Stage.values()) {
      StageRecord found = record.stage(stage);
      if (found != null && record.needs(stage) && found.status().isCurrent()) {
        current.addAll(found.files());
      }
    }
    return current;
  }

  @Override
  public String toString() {
    return below == null ? folder.toString() : below.toString();
  }
}
