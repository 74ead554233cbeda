package org.chameleon.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.storage.DomainParts;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Json;
import org.chameleon.storage.TableWriter;

/**
 * Where a stage writes, and what its tasks count into. Files are hashed as they are written; they
 * are seen in the run directory when the stage has ended.
 */
public final class StageOutput {
  private final Folder run;
  private final String drafts;
  private final TaskMetrics metrics;
  private final StageRecord earlier;
  private final List<FileRecord> files = new ArrayList<>();
  private final List<FileRecord> keptFiles = new ArrayList<>();
  private SortedMap<String, String> fingerprints = new TreeMap<>();

  /**
   * Creates an output.
   *
   * @param drafts name of the folder in which the stage's files get the paths they will have
   * @param earlier what an earlier attempt made that still lies in place; null if nothing
   */
  StageOutput(Folder run, String drafts, TaskMetrics metrics, StageRecord earlier) {
    this.run = run;
    this.drafts = drafts;
    this.metrics = metrics;
    this.earlier = earlier;
  }

  /**
   * Returns the fingerprints of the domains whose output of an earlier attempt still lies in place.
   * They may be taken over where they still hold.
   */
  public SortedMap<String, String> earlier() {
    return earlier == null ? new TreeMap<>() : new TreeMap<>(earlier.fingerprints());
  }

  /** Returns what the earlier attempt counted. */
  public Counts earlierCounts() {
    return earlier == null ? Counts.NONE : earlier.counts();
  }

  /** Notes what the output of each domain depends on, so that a later attempt can take it over. */
  public void fingerprints(SortedMap<String, String> ofDomains) {
    fingerprints = new TreeMap<>(ofDomains);
  }

  SortedMap<String, String> fingerprints() {
    return fingerprints;
  }

  private String draft(String path) {
    return drafts + "/" + path;
  }

  /** Returns what the stage's tasks count into. */
  public TaskMetrics metrics() {
    return metrics;
  }

  /** Returns the URI that an artifact has until the stage has ended. */
  public String uri(Artifact artifact) {
    return run.uri(draft(artifact.path()));
  }

  /** Returns the folder that an artifact lies in until the stage has ended, made if need be. */
  public String folder(Artifact artifact) {
    run.makeFolder(draft(artifact.path()));
    return uri(artifact);
  }

  /** Writes a JSON file. */
  public void json(Artifact artifact, Object value) {
    text(artifact, "", Json.text(value));
  }

  /** Writes a text file. */
  public void text(Artifact artifact, String text) {
    text(artifact, "", text);
  }

  /** Writes a text file below a folder. */
  public void text(Artifact artifact, String name, String text) {
    String path = below(artifact, name);
    files.add(run.write(draft(path), text).withPath(path));
  }

  /** Copies a file from anywhere into a folder. */
  public void copy(String fromUri, Artifact artifact, String name) {
    String path = below(artifact, name);
    files.add(run.copy(fromUri, draft(path)).withPath(path));
  }

  /**
   * Writes a table on executors, rows in the order of a key.
   *
   * @param count how many rows there are about
   */
  public void table(Artifact artifact, Dataset<Row> rows, long count, String... key) {
    for (FileRecord part : TableWriter.write(rows, uri(artifact), count, key)) {
      file(artifact, part);
    }
  }

  /**
   * Keeps the files of domains whose rows stay as they are, where no other domain's rows are in
   * them.
   *
   * @param kept domains whose rows stay as they are
   * @param all domains that there will be
   * @return the domains whose files were kept; the rows of the others are to be written
   */
  public SortedSet<String> keep(
      SortedSet<String> kept, Collection<String> all, Artifact... tables) {
    DomainParts parts = new DomainParts(all);
    SortedSet<String> untouched = new DomainParts(earlier().keySet()).untouched(parts, kept);
    for (Artifact table : tables) {
      untouched.retainAll(parts.domainsIn(earlierFiles(table).keySet()));
    }
    for (Artifact table : tables) {
      Map<String, FileRecord> files = earlierFiles(table);
      parts.filesOf(untouched, files.keySet()).forEach(name -> keptFiles.add(files.get(name)));
    }
    return untouched;
  }

  /** Returns the files of a table as it was, by name. */
  private Map<String, FileRecord> earlierFiles(Artifact table) {
    Map<String, FileRecord> files = new TreeMap<>();
    String folder = table.path() + "/";
    for (FileRecord file : earlier == null ? List.<FileRecord>of() : earlier.files()) {
      if (file.path().startsWith(folder)) {
        files.put(file.path().substring(folder.length()), file);
      }
    }
    return files;
  }

  /**
   * Writes a table on executors, in files by domain.
   *
   * @param count how many rows there are about
   * @param all domains that there will be, of which the rows may be some
   * @param number the column that numbers the rows of a domain
   */
  public void table(
      Artifact artifact, Dataset<Row> rows, long count, Collection<String> all, String number) {
    DomainParts parts = new DomainParts(all);
    for (FileRecord part : TableWriter.writeByDomain(rows, uri(artifact), count, parts, number)) {
      file(artifact, part);
    }
  }

  /** Returns the files of before that stay, in the order of paths. */
  List<FileRecord> keptFiles() {
    return keptFiles;
  }

  /** Writes a small table as one file. */
  public void smallTable(Artifact artifact, List<Row> rows, StructType schema) {
    String path = artifact.path();
    files.add(run.writeTable(draft(path), rows, schema).withPath(path));
  }

  /** Takes over a file that executors wrote into the artifact's folder. */
  public void file(Artifact artifact, FileRecord written) {
    files.add(written.withPath(below(artifact, written.path())));
  }

  /** Returns whether this stage has written anything of a table. */
  public boolean has(Artifact artifact) {
    return files.stream().anyMatch(file -> file.path().startsWith(artifact.path() + "/"));
  }

  /** Returns a table that this stage has written. */
  public Dataset<Row> table(SparkSession spark, Artifact artifact) {
    return run.parts(spark, draft(artifact.path()));
  }

  private static String below(Artifact artifact, String name) {
    return name.isEmpty() ? artifact.path() : artifact.path() + "/" + name;
  }

  /** Returns what was written, in the order of paths. */
  List<FileRecord> files() {
    return sorted(files.stream());
  }

  /** Returns what was written and what stays, in the order of paths. */
  List<FileRecord> filesAndKept() {
    return sorted(Stream.concat(files.stream(), keptFiles.stream()));
  }

  private static List<FileRecord> sorted(Stream<FileRecord> unsorted) {
    return unsorted.sorted(Comparator.comparing(FileRecord::path)).toList();
  }
}
