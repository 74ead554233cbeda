package org.chameleon.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Paths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files that a configuration names: files, globs, folders with all below them, and tables
 * with the files that belong to them.
 */
final class CorpusFiles {
  private static final int MOST_NAMED = 3;
  private static final String DATA = "looks like data";
  private static final String NO_DOMAIN = "its rows have no domain";
  private static final String HIDDEN = "its name makes it hidden";
  private static final String LEFT_OUT = "its domain is left out";
  private static final Logger LOG = LoggerFactory.getLogger(CorpusFiles.class);

  private final SparkSession spark;
  private final CorpusConfig config;
  private final Configuration hadoop;
  private final List<CorpusTable> tables = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();

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

  /** Returns the files that lie beside those listed and are none of the corpus. */
  List<LeftOut> leftOut() {
    return leftOut.stream().sorted(Comparator.comparing(LeftOut::path)).toList();
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
    List<CorpusFile> found = new ArrayList<>();
    config.path().forEach(path -> add(found, path, ""));
    Set<String> given = files.stream().map(CorpusFile::path).collect(Collectors.toSet());
    found.removeIf(file -> given.contains(file.path()));
    files.addAll(found);
    if (!leftOut.isEmpty()) {
      LOG.warn("corpus: {} file(s) are not read: {}", leftOut.size(), names(leftOut));
    }
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
      Path path = Paths.of(glob);
      FileSystem fileSystem = HadoopSettings.ofSources(path, hadoop);
      List<LeftOut> beside = new ArrayList<>();
      List<PathGlob.Found> found =
          PathGlob.find(
              fileSystem,
              fileSystem.makeQualified(path),
              hidden -> {
                if (isHiddenData(hidden)) {
                  beside.add(leftOut(hidden, HIDDEN));
                }
              });
      if (found.isEmpty()) {
        throw new InvalidInputException(
            "Cannot find %s: nothing is at %s. Correct the path, or remove it."
                .formatted(whose, fileSystem.makeQualified(path)));
      }
      int before = files.size();
      for (PathGlob.Found one : found) {
        if (one.named() && one.status().isFile()) {
          FileStatus status = one.status();
          String named = domain.isEmpty() ? folderDomain(status.getPath()) : domain;
          addOf(files, beside, status, named, namedFormat(fileSystem, status.getPath()));
        } else {
          addBelow(files, beside, fileSystem, one.status(), domain);
        }
      }
      requireNoData(glob, beside);
      leftOut.addAll(beside);
      boolean leftAside = beside.stream().anyMatch(one -> one.reason().equals(LEFT_OUT));
      if (files.size() == before && !leftAside) {
        throw new InvalidInputException(
            "Cannot find %s: no file at %s ends in %s%s."
                .formatted(
                    whose,
                    fileSystem.makeQualified(path),
                    FileFormat.ENDINGS,
                    beside.isEmpty() ? "" : "; there is " + names(beside)));
      }
    } catch (FileNotFoundException e) {
      throw new InvalidInputException(
          "Cannot find %s at %s: %s.".formatted(whose, glob, e.getMessage()), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot list %s at %s: %s".formatted(whose, glob, e.getMessage()), e);
    }
  }

  /** A file whose name was given is read whatever its ending: its first bytes say what it is. */
  private static FileFormat namedFormat(FileSystem fileSystem, Path path) throws IOException {
    Optional<FileFormat> format = FileFormat.of(path.getName());
    if (format.isEmpty()) {
      format = FileContent.format(fileSystem, path);
    }
    if (format.isEmpty()) {
      throw new InvalidInputException(
          "Cannot read %s: it is neither Parquet nor JSON lines%s. Convert it, or give it an ending: %s."
              .formatted(
                  path,
                  FileContent.kind(fileSystem, path).map(kind -> ", but " + kind).orElse(""),
                  FileFormat.ENDINGS));
    }
    return format.get();
  }

  private void addBelow(
      List<CorpusFile> files,
      List<LeftOut> beside,
      FileSystem fileSystem,
      FileStatus status,
      String domain)
      throws IOException {
    String name = status.getPath().getName();
    Optional<TableFormat> table =
        status.isDirectory() ? TableFormat.of(fileSystem, status.getPath()) : Optional.empty();
    Optional<FileFormat> format = FileFormat.of(name);
    if (table.isPresent()) {
      addTable(files, fileSystem, status.getPath(), domain, table.get());
    } else if (status.isDirectory()) {
      for (FileStatus child : Listing.of(fileSystem, status.getPath())) {
        if (!Listing.isHidden(child.getPath().getName())) {
          addBelow(files, beside, fileSystem, child, domain);
        } else if (isHiddenData(child)) {
          beside.add(leftOut(child, HIDDEN));
        }
      }
    } else if (status.isSymlink()) {
      beside.add(leftOut(status, "a link to nothing"));
    } else if (format.isEmpty()) {
      beside.add(
          leftOut(status, FileFormat.looksLikeData(name) ? DATA : "its ending is of no format"));
    } else {
      addOf(
          files,
          beside,
          status,
          domain.isEmpty() ? folderDomain(status.getPath()) : domain,
          format.get());
    }
  }

  /** As Spark, this reads nothing that is hidden; data by its name is said to be. */
  private static boolean isHiddenData(FileStatus status) {
    return status.isFile() && FileFormat.of(status.getPath().getName()).isPresent();
  }

  private static LeftOut leftOut(FileStatus status, String why) {
    boolean isEmpty = status.getLen() == 0 && !status.isSymlink();
    return new LeftOut(
        Secrets.hidden(status.getPath().toString()), status.getLen(), isEmpty ? "empty" : why);
  }

  /** Data that nobody reads would be missing without a word. */
  private static void requireNoData(String glob, List<LeftOut> beside) {
    List<LeftOut> data = beside.stream().filter(one -> one.reason().equals(DATA)).toList();
    if (!data.isEmpty()) {
      throw new InvalidInputException(
          ("Cannot read all of %s: %s looks like data and is neither Parquet nor JSON lines. Convert"
                  + " or move it, or name what is to be read with a glob, such as %s.")
              .formatted(glob, names(data), example(glob)));
    }
  }

  private static String example(String glob) {
    String folder = glob.replaceAll("/[^/]*[*?\\[{][^/]*$", "");
    return (folder.endsWith("/") ? folder : folder + "/") + "*.parquet";
  }

  private static String names(List<LeftOut> files) {
    String named =
        files.stream().limit(MOST_NAMED).map(LeftOut::path).collect(Collectors.joining(", "));
    int more = files.size() - MOST_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  private static CorpusFile file(FileStatus status, String domain, FileFormat format) {
    return new CorpusFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime(), domain, format);
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
      String found = byFolder ? folderDomain(path) : domain;
      addOf(files, leftOut, status, found, FileFormat.PARQUET);
    }
  }

  /** Adds a file, or what stands in place of its domain. */
  private static void addOf(
      List<CorpusFile> files,
      List<LeftOut> beside,
      FileStatus status,
      String domain,
      FileFormat format) {
    switch (domain) {
      case PartitionFolder.NULL -> beside.add(leftOut(status, NO_DOMAIN));
      case PartitionFolder.LEFT_OUT -> beside.add(leftOut(status, LEFT_OUT));
      default -> files.add(file(status, domain, format));
    }
  }

  /** Returns the domain that a partition folder names, or "". */
  private String folderDomain(Path path) {
    String found = PartitionFolder.value(path, config.domainColumn()).orElse("");
    if (found.equals(PartitionFolder.NULL) && config.badRows() == BadRows.FAIL) {
      throw new InvalidInputException(
          ("Cannot tell the domain of %s: '%s' was null when its rows were partitioned. Give every row"
                  + " a domain, or set corpus.bad-rows = skip to leave such files out.")
              .formatted(path, config.domainColumn()));
    }
    if (found.isEmpty() || found.equals(PartitionFolder.NULL)) {
      return found;
    }
    String name = config.names().of(found);
    return name == null ? PartitionFolder.LEFT_OUT : name;
  }
}
