package org.chameleon.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
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
  private static final int COPIES_AT_ONCE = 8;

  private final Folder run;
  private final String drafts;
  private final TaskMetrics metrics;
  private final Earlier earlier;
  private final List<FileRecord> files = new ArrayList<>();
  private final List<FileRecord> keptFiles = new ArrayList<>();
  private final List<FileRecord> copied = new ArrayList<>();
  private SortedMap<String, String> fingerprints = new TreeMap<>();

  /**
   * Creates an output.
   *
   * @param drafts name of the folder in which the stage's files get the paths they will have
   * @param earlier what is there already and may be taken over; null if nothing
   */
  StageOutput(Folder run, String drafts, TaskMetrics metrics, Earlier earlier) {
    this.run = run;
    this.drafts = drafts;
    this.metrics = metrics;
    this.earlier = earlier;
  }

  /**
   * Output of the stage that is there already.
   *
   * @param stage what it recorded
   * @param run that it is of
   * @param inPlace whether that is the run that is written, so that files can stay where they are
   */
  record Earlier(StageRecord stage, RunDirectory run, boolean inPlace) {}

  /**
   * Returns the fingerprints of the domains whose output is there already. They may be taken over
   * where they still hold.
   */
  public SortedMap<String, String> earlier() {
    return earlier == null ? new TreeMap<>() : new TreeMap<>(earlier.stage().fingerprints());
  }

  /** Returns the run whose output may be taken over; nothing if there is none. */
  public Optional<RunDirectory> earlierRun() {
    return Optional.ofNullable(earlier).map(Earlier::run);
  }

  /** Returns counts that say which other run domains were taken over from, if any were. */
  Counts withOrigin(Counts counts) {
    boolean elsewhere = earlier != null && !earlier.inPlace();
    return elsewhere && counts.value(Counts.KEPT_DOMAINS).isPresent()
        ? counts.with(Counts.KEPT_FROM, Secrets.hidden(earlier.run().toString()))
        : counts;
  }

  /** Returns what was counted of the output that is there already. */
  public Counts earlierCounts() {
    return earlier == null ? Counts.NONE : earlier.stage().counts();
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
   * As {@link #copy(String, Artifact, String)}, of a file whose content is known.
   *
   * @throws InvalidInputException if it is another
   */
  public void copy(String fromUri, String sha256, Artifact artifact, String name) {
    String path = below(artifact, name);
    FileRecord copy = run.copy(fromUri, draft(path)).withPath(path);
    if (!copy.sha256().equals(sha256)) {
      throw new InvalidInputException(
          "Cannot keep %s: it is not as it was written. Run again; what is finished is kept."
              .formatted(Secrets.hidden(fromUri)));
    }
    files.add(copy);
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
   * @return those of them whose files could not be kept: their rows are to be written again
   */
  public SortedSet<String> keep(
      SortedSet<String> kept, Collection<String> all, Artifact... tables) {
    DomainParts parts = new DomainParts(all);
    SortedSet<String> untouched = new DomainParts(earlier().keySet()).untouched(parts, kept);
    for (Artifact table : tables) {
      untouched.retainAll(parts.domainsIn(earlierFiles(table).keySet()));
    }
    List<FileRecord> staying = new ArrayList<>();
    for (Artifact table : tables) {
      Map<String, FileRecord> there = earlierFiles(table);
      parts.filesOf(untouched, there.keySet()).forEach(name -> staying.add(there.get(name)));
    }
    if (earlier == null || earlier.inPlace()) {
      keptFiles.addAll(staying);
    } else {
      copyAll(earlier.run().folder(), staying);
    }
    SortedSet<String> rewritten = new TreeSet<>(kept);
    rewritten.removeAll(untouched);
    return rewritten;
  }

  /** Copies all that a stage of another run has written. */
  public void copy(RunDirectory from, Stage stage) {
    copyAll(from.folder(), from.files(stage));
  }

  /** Copies several files at a time: a store takes long to answer, not to send. */
  private void copyAll(Folder from, List<FileRecord> staying) {
    ExecutorService pool = Executors.newFixedThreadPool(COPIES_AT_ONCE);
    try {
      List<Callable<FileRecord>> copies = new ArrayList<>();
      staying.forEach(file -> copies.add(() -> copied(from, file)));
      for (Future<FileRecord> copy : pool.invokeAll(copies)) {
        copied.add(copy.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("Cannot copy from " + from, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while copying from " + from, e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** A file that is elsewhere is copied; what it holds then is what was recorded of it. */
  private FileRecord copied(Folder from, FileRecord file) {
    FileRecord copy = run.copy(from.uri(file.path()), draft(file.path()));
    if (!copy.sha256().equals(file.sha256())) {
      throw new InvalidInputException(
          "Cannot take over %s: it is not as it was recorded. Begin from another run, or from none."
              .formatted(Secrets.hidden(from.uri(file.path()))));
    }
    return file;
  }

  /** Returns the files of a table as it was, by name. */
  private Map<String, FileRecord> earlierFiles(Artifact table) {
    Map<String, FileRecord> files = new TreeMap<>();
    String folder = table.path() + "/";
    for (FileRecord file : earlier == null ? List.<FileRecord>of() : earlier.stage().files()) {
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

  /** Writes a table as one file, here. */
  public void smallTable(Artifact artifact, Iterator<Row> rows, StructType schema) {
    String path = artifact.path();
    files.add(run.writeTable(draft(path), rows, schema).withPath(path));
  }

  /** Takes over a file that executors wrote into the artifact's folder. */
  public void file(Artifact artifact, FileRecord written) {
    files.add(written.withPath(below(artifact, written.path())));
  }

  /** Returns what this stage has written of a table. */
  public Dataset<Row> written(SparkSession spark, Artifact artifact) {
    List<String> uris = of(artifact, files).map(path -> run.uri(draft(path))).toList();
    return Folder.files(spark, uris, artifact.schema());
  }

  /** Returns a table as it will be: what this stage has written of it, and what it has kept. */
  public Dataset<Row> table(SparkSession spark, Artifact artifact) {
    List<String> uris = new ArrayList<>();
    of(artifact, files).forEach(path -> uris.add(run.uri(draft(path))));
    of(artifact, copied).forEach(path -> uris.add(run.uri(draft(path))));
    of(artifact, keptFiles).forEach(path -> uris.add(earlier.run().folder().uri(path)));
    return Folder.files(spark, uris, artifact.schema());
  }

  private static Stream<String> of(Artifact table, List<FileRecord> files) {
    return files.stream().map(FileRecord::path).filter(path -> path.startsWith(table.path() + "/"));
  }

  private static String below(Artifact artifact, String name) {
    return name.isEmpty() ? artifact.path() : artifact.path() + "/" + name;
  }

  /** Returns what was written, in the order of paths. */
  List<FileRecord> files() {
    return sorted(Stream.concat(files.stream(), copied.stream()));
  }

  /** Returns what was written and what stays, in the order of paths. */
  List<FileRecord> filesAndKept() {
    return sorted(Stream.concat(files().stream(), keptFiles.stream()));
  }

  private static List<FileRecord> sorted(Stream<FileRecord> unsorted) {
    return unsorted.sorted(Comparator.comparing(FileRecord::path)).toList();
  }
}
