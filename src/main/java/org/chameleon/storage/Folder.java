package org.chameleon.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.Failures;
import org.chameleon.config.InvalidInputException;

/**
 * A folder on any Hadoop file system, and its files by their names below it. What cannot be done is
 * an {@link InvalidInputException} that names the file.
 */
public final class Folder {
  private final FileSystem fileSystem;
  private final Path root;

  private Folder(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
  }

  /**
   * Returns a folder, whether it is there or not.
   *
   * @throws InvalidInputException if its file system cannot be reached
   */
  public static Folder at(String uri, Configuration hadoop) {
    try {
      Path path = Paths.of(uri);
      FileSystem fileSystem = HadoopSettings.fileSystem(path, hadoop);
      return new Folder(fileSystem, fileSystem.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("Cannot open '" + uri + "': " + e.getMessage() + ".", e);
    }
  }

  /** Returns a folder below this one, whether it is there or not. */
  public Folder folder(String name) {
    return new Folder(fileSystem, path(name));
  }

  /** Returns the URI of a file or folder in it; of itself for an empty name. */
  public String uri(String name) {
    return path(name).toString();
  }

  Path path(String name) {
    return name.isEmpty() ? root : Paths.in(root, name);
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  /** Returns the settings that it is reached with. */
  public Configuration hadoop() {
    return fileSystem.getConf();
  }

  /** Returns whether a file or folder is there. */
  public boolean has(String name) {
    return read(name, () -> fileSystem.exists(path(name)));
  }

  /** Returns whether a file is there and has a size. */
  public boolean hasSize(String name, long bytes) {
    return has(name) && read(name, () -> fileSystem.getFileStatus(path(name)).getLen() == bytes);
  }

  /** Returns the names of what lies directly in it; none if it is not there. */
  public List<String> names() {
    return read(
        "",
        () -> {
          List<String> names = new ArrayList<>();
          if (fileSystem.exists(root)) {
            for (FileStatus status : fileSystem.listStatus(root)) {
              names.add(status.getPath().getName());
            }
          }
          return names;
        });
  }

  /** A file that is there. */
  record Present(String path, long bytes) {}

  /** Returns the file of this name, or all files below the folder, in the order of their paths. */
  List<Present> files(String name) {
    return read(
        name,
        () -> {
          List<Present> files = new ArrayList<>();
          if (fileSystem.exists(path(name))) {
            add(fileSystem.getFileStatus(path(name)), files);
          }
          files.sort(Comparator.comparing(Present::path));
          return files;
        });
  }

  /** Returns the paths of all files below a name, in their order. */
  public List<String> paths(String name) {
    return files(name).stream().map(Present::path).toList();
  }

  private void add(FileStatus status, List<Present> files) throws IOException {
    if (!status.isDirectory()) {
      String above = root.toUri().getPath();
      String path = status.getPath().toUri().getPath();
      int start = above.endsWith("/") ? above.length() : above.length() + 1;
      files.add(new Present(path.substring(start), status.getLen()));
      return;
    }
    for (FileStatus child : fileSystem.listStatus(status.getPath())) {
      add(child, files);
    }
  }

  /** Returns the content of a file. */
  public byte[] bytes(String name) {
    return read(
        name,
        () -> {
          try (InputStream in = fileSystem.open(path(name))) {
            return in.readAllBytes();
          }
        });
  }

  /** Reads a JSON file. */
  public <T> T json(String name, Class<T> type) {
    return Json.read(bytes(name), type, uri(name));
  }

  /** Reads a table of Parquet files; the name is no pattern, whatever characters it has. */
  public Dataset<Row> table(SparkSession spark, String name) {
    return spark.read().parquet(literal(name));
  }

  /**
   * Reads the parts of a table in a folder, whatever else lies there.
   *
   * @param schema of the table, where it is known; else a file is opened to learn it
   */
  public Dataset<Row> parts(SparkSession spark, String name, Optional<StructType> schema) {
    return reader(spark, schema).parquet(literal(name) + "/part-*.parquet");
  }

  /**
   * Reads a table of files by their URIs, wherever they lie.
   *
   * @param schema of the table, where it is known; else a file is opened to learn it
   */
  public static Dataset<Row> files(
      SparkSession spark, List<String> uris, Optional<StructType> schema) {
    return reader(spark, schema).parquet(uris.stream().map(Paths::literal).toArray(String[]::new));
  }

  private static DataFrameReader reader(SparkSession spark, Optional<StructType> schema) {
    return schema.map(spark.read()::schema).orElseGet(spark::read);
  }

  private String literal(String name) {
    return Paths.literal(uri(name));
  }

  /** Makes a folder and those above it. */
  public void makeFolder(String name) {
    change("write", name, () -> fileSystem.mkdirs(path(name)));
  }

  /** Writes a file that nobody reads before it is whole. */
  public FileRecord write(String name, String text) {
    return write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Copies a file from anywhere. */
  public FileRecord copy(String fromUri, String name) {
    Path from = Paths.of(fromUri);
    return write(
        name,
        out -> {
          FileSystem sources = HadoopSettings.ofSources(from, fileSystem.getConf());
          try (InputStream in = sources.open(from)) {
            in.transferTo(out);
          }
        });
  }

  private FileRecord write(String name, Content content) {
    try {
      HashedFile file = HashedFile.create(path(name), fileSystem.getConf());
      try (file) {
        content.into(file);
      }
      return file.record(null).withPath(name);
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  @FunctionalInterface
  private interface Content {
    void into(HashedFile file) throws IOException;
  }

  /** Writes a table as one Parquet file, here. */
  public FileRecord writeTable(String name, Iterator<Row> rows, StructType schema) {
    try {
      return TableWriter.writeFile(rows, schema, path(name), fileSystem.getConf()).withPath(name);
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  /**
   * Replaces a file in one step: whoever reads it sees the old content or the new.
   *
   * @param draft a name in the folder that nobody else uses
   */
  public void replace(String name, String draft, String text) {
    change(
        "write",
        name,
        () -> {
          AtomicFile.replace(fileSystem, path(name), path(draft), text);
          return true;
        });
  }

  /** Moves a file or folder to where nothing is. */
  void move(String from, String to) {
    change("write", to, () -> fileSystem.rename(path(from), path(to)));
  }

  /** Deletes the folders below a name, and itself, that hold no file. */
  void deleteEmpty(String name) {
    change("delete", name, () -> deleteEmpty(path(name)));
  }

  private boolean deleteEmpty(Path folder) throws IOException {
    if (!fileSystem.exists(folder) || !fileSystem.getFileStatus(folder).isDirectory()) {
      return true;
    }
    for (FileStatus child : fileSystem.listStatus(folder)) {
      deleteEmpty(child.getPath());
    }
    return fileSystem.listStatus(folder).length > 0 || fileSystem.delete(folder, false);
  }

  /** Deletes a file or folder, if it is there. */
  public void delete(String name) {
    change(
        "delete",
        name,
        () -> {
          fileSystem.delete(path(name), true);
          return true;
        });
  }

  @FunctionalInterface
  private interface Access<T> {
    T run() throws IOException;
  }

  private <T> T read(String name, Access<T> access) {
    try {
      return access.run();
    } catch (IOException e) {
      throw failed("read", name, e);
    }
  }

  private void change(String verb, String name, Access<Boolean> access) {
    try {
      if (!access.run()) {
        throw new IOException("the file system refused it");
      }
    } catch (IOException e) {
      throw failed(verb, name, e);
    }
  }

  private InvalidInputException failed(String verb, String name, IOException cause) {
    String why =
        cause instanceof FileNotFoundException
            ? "it is not there"
            : Failures.message(cause).replaceFirst("\\.$", "");
    return new InvalidInputException("Cannot %s %s: %s.".formatted(verb, path(name), why), cause);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
