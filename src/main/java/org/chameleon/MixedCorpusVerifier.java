package org.chameleon;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.config.InvalidInputException;
import org.chameleon.materialize.Materializer;
import org.chameleon.materialize.MixedCorpus;

/** Checks a mixed corpus against its manifest; the files are read on executors. */
public final class MixedCorpusVerifier {
  private static final int FILES_PER_TASK = 4;

  private final SparkSession spark;
  private final RunDirectory corpus;
  private int files;

  /** Creates a verifier of the mixed corpus in a folder. */
  public MixedCorpusVerifier(SparkSession spark, RunDirectory corpus) {
    this.spark = spark;
    this.corpus = corpus;
  }

  /** Returns whether a folder holds a mixed corpus, finished or not, rather than a run. */
  public static boolean isMixedCorpus(RunDirectory directory) {
    return directory.record() == null
        && (directory.has(Materialization.MANIFEST) || directory.has(Materializer.FOLDER));
  }

  /** Returns a line for every file that is missing, changed or not recorded. */
  public List<String> problems() {
    if (!corpus.has(Materialization.MANIFEST)) {
      return List.of(
          "%s is not finished: it has no %s. Materialize it again with --overwrite."
              .formatted(corpus, Materialization.MANIFEST));
    }
    MixedCorpus mixed = corpus.json(Materialization.MANIFEST, MixedCorpus.class);
    if (!MixedCorpus.KIND.equals(mixed.kind())) {
      throw new InvalidInputException(
          "Cannot verify %s: its %s is not that of a mixed corpus."
              .formatted(corpus, Materialization.MANIFEST));
    }
    List<String> problems = new ArrayList<>(counts(mixed));
    Set<String> unrecorded = present();
    List<Expected> expected = new ArrayList<>();
    for (MixedCorpus.File file : mixed.files()) {
      unrecorded.remove(file.path());
      expected.add(new Expected(file.path(), corpus.uri(file.path()), file.bytes(), file.sha256()));
    }
    unrecorded.forEach(path -> problems.add(path + " was not written with the corpus."));
    files = expected.size();
    problems.addAll(differences(expected));
    return problems;
  }

  /** Returns how many files were compared. */
  public int files() {
    return files;
  }

  private static List<String> counts(MixedCorpus mixed) {
    List<String> problems = new ArrayList<>();
    long rows = mixed.files().stream().mapToLong(MixedCorpus.File::rows).sum();
    long tokens = mixed.files().stream().mapToLong(MixedCorpus.File::tokens).sum();
    long domainRows = mixed.domains().stream().mapToLong(MixedCorpus.Domain::rows).sum();
    long domainTokens = mixed.domains().stream().mapToLong(MixedCorpus.Domain::tokens).sum();
    if (rows != mixed.rows() || domainRows != rows) {
      problems.add(
          "manifest.json was changed: its files have %d rows, its domains %d, and it says %d."
              .formatted(rows, domainRows, mixed.rows()));
    }
    if (tokens != mixed.tokens() || domainTokens != tokens) {
      problems.add(
          "manifest.json was changed: its files have %d tokens, its domains %d, and it says %d."
              .formatted(tokens, domainTokens, mixed.tokens()));
    }
    return problems;
  }

  private Set<String> present() {
    try {
      Path folder = new Path(corpus.uri(Materializer.FOLDER));
      Set<String> names = new TreeSet<>();
      if (corpus.has(Materializer.FOLDER)) {
        for (FileStatus status : folder.getFileSystem(hadoop()).listStatus(folder)) {
          names.add(Materializer.FOLDER + "/" + status.getPath().getName());
        }
      }
      return names;
    } catch (IOException e) {
      throw new InvalidInputException("Cannot list " + corpus + ": " + e.getMessage() + ".", e);
    }
  }

  /** What a file is said to be. */
  private record Expected(String path, String uri, long bytes, String sha256)
      implements Serializable {

    /** Returns what is wrong with it, if anything. */
    List<String> problems(Configuration hadoop) {
      Path file = new Path(uri);
      try {
        if (!file.getFileSystem(hadoop).exists(file)) {
          return List.of(path + " is missing.");
        }
        long found = file.getFileSystem(hadoop).getFileStatus(file).getLen();
        if (found != bytes) {
          return List.of("%s has %d bytes, %d were written.".formatted(path, found, bytes));
        }
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
          return DigestUtils.sha256Hex(in).equals(sha256)
              ? List.of()
              : List.of(path + " was changed: its SHA-256 is another.");
        }
      } catch (IOException e) {
        return List.of("%s cannot be read: %s.".formatted(path, e.getMessage()));
      }
    }
  }

  private List<String> differences(List<Expected> expected) {
    if (expected.isEmpty()) {
      return List.of();
    }
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    int tasks = Math.max(1, expected.size() / FILES_PER_TASK);
    return new JavaSparkContext(spark.sparkContext())
        .parallelize(expected, tasks)
        .flatMap(file -> file.problems(hadoop.value().value()).iterator())
        .collect();
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }
}
