package org.chameleon.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;

/**
 * Finds the files that a configuration names: files, globs, folders with all below them, and tables
 * with the files that belong to them.
 */
final class CorpusFiles {
  private static final List<String> ENDINGS =
      List.of(
          ".parquet",
          ".parq",
          ".pq",
          ".jsonl",
          ".jsonl.gz",
          ".jsonl.zst",
          ".json",
          ".json.gz",
          ".json.zst",
          ".ndjson",
          ".ndjson.gz",
          ".ndjson.zst");

  private final SparkSession spark;
  private final CorpusConfig config;
  private final Configuration hadoop;
  private final List<CorpusTable> tables = new ArrayList<>();

  CorpusFiles(SparkSession spark, CorpusConfig config) {
    this.spark = spark;
    this.config = config;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
  }

  /** Returns the tables that the files listed belong to, in the order of their paths. */
  List<CorpusTable> tables() {
    return tables.stream()
        .map(t -> new CorpusTable(Secrets.hidden(t.path()), t.format(), t.version()))
        .sorted(Comparator.comparing(CorpusTable::path))
        .toList();
  }

  /** Returns the files in the order of their paths. */
  List<CorpusFile> list() {
    List<CorpusFile> files = new ArrayList<>();
    new TreeMap<>(config.domains())
        .forEach(
            (domain, paths) -> {
              if (paths.isEmpty()) {
                throw new InvalidInputException(
                    "Cannot find domain '" + domain + "': corpus.domains gives it no path.");
              }
              paths.forEach(path -> add(files, path, domain));
            });
    config.path().forEach(path -> add(files, path, ""));
    files.sort(Comparator.comparing(CorpusFile::path));
    for (int i = 1; i < files.size(); i++) {
      if (files.get(i).path().equals(files.get(i - 1).path())) {
        throw new InvalidInputException(
            "Cannot use %s twice: it is in '%s' and in '%s'. Make the paths of the corpus disjoint."
                .formatted(files.get(i).path(), files.get(i - 1).domain(), files.get(i).domain()));
      }
    }
    return files;
  }

  private void add(List<CorpusFile> files, String glob, String domain) {
    String whose = domain.isEmpty() ? "corpus.path" : "domain '" + domain + "'";
    try {
      Path path = new Path(glob);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      FileStatus[] found = fileSystem.globStatus(path);
      if (found == null || found.length == 0) {
        throw new InvalidInputException(
            "Cannot find %s: nothing is at %s. Correct the path, or remove it."
                .formatted(whose, fileSystem.makeQualified(path)));
      }
      int before = files.size();
      for (FileStatus status : found) {
        addBelow(files, fileSystem, status, domain);
      }
      if (files.size() == before) {
        throw new InvalidInputException(
            "Cannot find %s: no file at %s ends in %s."
                .formatted(whose, fileSystem.makeQualified(path), String.join(", ", ENDINGS)));
      }
    } catch (FileNotFoundException e) {
      throw new InvalidInputException(
          "Cannot find %s at %s: %s.".formatted(whose, glob, e.getMessage()), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot list %s at %s: %s".formatted(whose, glob, e.getMessage()), e);
    }
  }

  private void addBelow(
      List<CorpusFile> files, FileSystem fileSystem, FileStatus status, String domain)
      throws IOException {
    String name = status.getPath().getName();
    if (name.startsWith("_") || name.startsWith(".")) {
      return;
    }
    Optional<TableFormat> table =
        status.isDirectory() ? TableFormat.of(fileSystem, status.getPath()) : Optional.empty();
    if (table.isPresent()) {
      addTable(files, fileSystem, status.getPath(), domain, table.get());
    } else if (status.isDirectory()) {
      for (FileStatus child : fileSystem.listStatus(status.getPath())) {
        addBelow(files, fileSystem, child, domain);
      }
    } else if (ENDINGS.stream().anyMatch(name::endsWith)) {
      files.add(file(status, domain.isEmpty() ? folderDomain(status.getPath()) : domain));
    }
  }

  private static CorpusFile file(FileStatus status, String domain) {
    return new CorpusFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime(), domain);
  }

  /** Lists each folder of the table once, for sizes and times. */
  private void addTable(
      List<CorpusFile> files, FileSystem fileSystem, Path folder, String domain, TableFormat format)
      throws IOException {
    CorpusTable table = format.table(spark, fileSystem, folder);
    tables.add(table);
    Map<Path, Map<Path, FileStatus>> listings = new HashMap<>();
    for (String uri : format.files(spark, table)) {
      Path path = fileSystem.makeQualified(new Path(uri));
      Map<Path, FileStatus> listing = listings.get(path.getParent());
      if (listing == null) {
        listing = new HashMap<>();
        for (FileStatus status : fileSystem.listStatus(path.getParent())) {
          listing.put(status.getPath(), status);
        }
        listings.put(path.getParent(), listing);
      }
      FileStatus status = listing.get(path);
      if (status == null) {
        throw new FileNotFoundException(path + " belongs to " + folder + " and is not there");
      }
      boolean byFolder = domain.isEmpty() && !format.keepsPartitionColumns();
      files.add(file(status, byFolder ? folderDomain(path) : domain));
    }
  }

  /** Returns the value of the nearest partition folder {@code domainColumn=value}, or "". */
  private String folderDomain(Path path) {
    String prefix = config.domainColumn() + "=";
    for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
      if (folder.getName().startsWith(prefix)) {
        return URLDecoder.decode(
            folder.getName().substring(prefix.length()).replace("+", "%2B"),
            StandardCharsets.UTF_8);
      }
    }
    return "";
  }
}
