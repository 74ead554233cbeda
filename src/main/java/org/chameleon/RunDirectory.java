package org.chameleon;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.chameleon.config.InvalidInputException;

/**
 * Where a run's files are. A stage writes into a staging folder and is then moved into place whole;
 * tables are written so that equal rows give equal bytes under equal names.
 */
public final class RunDirectory {
  private static final String RUN = "run.json";
  private static final String STAGING = ".staging";
  private static final int PART_NAME = "part-00000".length();
  private static final int ROWS_PER_FILE = 1 << 16;

  private final FileSystem fileSystem;
  private final Path root;

  private RunDirectory(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
  }

  /** What to do with a run directory that exists. */
  public enum Existing {
    /** It is an error. */
    REFUSE,
    /** Keep what still holds. */
    RESUME,
    /** Delete the run and start over. */
    OVERWRITE
  }

  /**
   * Opens a directory for writing.
   *
   * @throws InvalidInputException if it exists and must not, is not a run, or cannot be written
   */
  public static RunDirectory prepare(String uri, Existing existing, Configuration hadoop) {
    RunDirectory directory = at(uri, hadoop);
    try {
      boolean used =
          directory.fileSystem.exists(directory.root)
              && directory.fileSystem.listStatus(directory.root).length > 0;
      boolean isRun = directory.fileSystem.exists(directory.path(RUN));
      if (used && existing == Existing.REFUSE) {
        throw new InvalidInputException(
            "Cannot write to %s: it exists. Give --resume to keep what still holds, --overwrite to start over, or another --output."
                .formatted(directory.root));
      }
      if (used && !isRun) {
        throw new InvalidInputException(
            "Cannot write to %s: it exists and is not a run (it has no run.json). Give another --output."
                .formatted(directory.root));
      }
      if (used && existing == Existing.OVERWRITE) {
        directory.fileSystem.delete(directory.root, true);
      }
      directory.requireWritable();
      return directory;
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot write to %s: %s. Give an --output that can be written."
              .formatted(directory.root, e.getMessage()),
          e);
    }
  }

  /** Makes the directory and, if it was not there, takes it away again. */
  private void requireWritable() throws IOException {
    if (fileSystem.exists(root)) {
      deleteStaging();
      return;
    }
    if (!fileSystem.mkdirs(root)) {
      throw new IOException("the folder cannot be made");
    }
    fileSystem.delete(root, false);
  }

  /** Opens a directory for reading. */
  public static RunDirectory at(String uri, Configuration hadoop) {
    try {
      Path path = new Path(uri);
      FileSystem fileSystem = path.getFileSystem(hadoop);
      return new RunDirectory(withoutChecksums(fileSystem), fileSystem.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot open run directory '" + uri + "': " + e.getMessage() + ".", e);
    }
  }

  /**
   * Hadoop's local file system leaves a .crc file beside each file; a run's files speak for
   * themselves.
   */
  private static FileSystem withoutChecksums(FileSystem fileSystem) {
    if (fileSystem instanceof LocalFileSystem local) {
      local.setWriteChecksum(false);
    }
    return fileSystem;
  }

  /** Returns the URI of a file or folder. */
  public String uri(String name) {
    return path(name).toString();
  }

  private Path path(String name) {
    return name.isEmpty() ? root : new Path(root, name);
  }

  /** Returns whether a file or folder is there. */
  public boolean has(String name) {
    try {
      return fileSystem.exists(path(name));
    } catch (IOException e) {
      throw failed("read", name, e);
    }
  }

  boolean hasSize(String name, long bytes) {
    try {
      return has(name) && fileSystem.getFileStatus(path(name)).getLen() == bytes;
    } catch (IOException e) {
      throw failed("read", name, e);
    }
  }

  /** Returns {@code run.json}, or null where there is none yet. */
  public RunRecord record() {
    return has(RUN) ? Json.read(bytes(RUN), RunRecord.class, uri(RUN)) : null;
  }

  /** Replaces {@code run.json}. */
  void write(RunRecord record) {
    String draft = STAGING + "-" + RUN;
    writeText(draft, Json.text(record));
    try {
      fileSystem.delete(path(RUN), false);
      if (!fileSystem.rename(path(draft), path(RUN))) {
        throw new IOException("the file system refused to rename it");
      }
    } catch (IOException e) {
      throw failed("write", RUN, e);
    }
  }

  /** Reads a JSON file. */
  public <T> T json(String name, Class<T> type) {
    return Json.read(bytes(name), type, uri(name));
  }

  byte[] bytes(String name) {
    try (InputStream in = fileSystem.open(path(name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw failed("read", name, e);
    }
  }

  /** Returns the name of an empty folder for what a stage writes. */
  String stage(Stage stage) {
    deleteStaging();
    String name = STAGING + "/" + stage;
    try {
      fileSystem.mkdirs(path(name));
      return name;
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  /** Moves what a stage wrote into place, in place of what was there. */
  void publish(Stage stage) {
    try {
      fileSystem.delete(path(stage.output()), true);
      if (!fileSystem.rename(
          path(STAGING + "/" + stage + "/" + stage.output()), path(stage.output()))) {
        throw new IOException("the file system refused to rename it");
      }
      deleteStaging();
    } catch (IOException e) {
      throw failed("write", stage.output(), e);
    }
  }

  void deleteStaging() {
    delete(STAGING);
  }

  private void delete(String name) {
    try {
      fileSystem.delete(path(name), true);
    } catch (IOException e) {
      throw failed("delete", name, e);
    }
  }

  void makeFolder(String name) {
    try {
      fileSystem.mkdirs(path(name));
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  void writeText(String name, String text) {
    try (OutputStream out = fileSystem.create(path(name), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  /** Copies a file from anywhere. */
  void copy(String fromUri, String name, Configuration hadoop) {
    Path from = new Path(fromUri);
    try (InputStream in = from.getFileSystem(hadoop).open(from);
        OutputStream out = fileSystem.create(path(name), true)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw failed("copy " + fromUri + " to", name, e);
    }
  }

  /**
   * Writes a table of Parquet files {@code part-NNNNN.parquet}, rows in the order of a key.
   *
   * @param count how many rows there are about: it sets the number of files
   */
  void writeTable(Dataset<Row> rows, long count, String name, String... key) {
    int files = (int) Math.max(1, Math.min(10_000, (count + ROWS_PER_FILE - 1) / ROWS_PER_FILE));
    Column[] order = Arrays.stream(key).map(functions::col).toArray(Column[]::new);
    writeParts(
        rows.repartition(files, order).sortWithinPartitions(order),
        name,
        part -> new Path(path(name), part.substring(0, PART_NAME) + ".parquet"));
  }

  /** Writes a small table as one Parquet file. */
  void writeFile(Dataset<Row> rows, String name, String key) {
    String folder = name + ".parts";
    writeParts(rows.coalesce(1).sortWithinPartitions(key), folder, part -> path(name));
    delete(folder);
  }

  /** Writes what Spark makes of a table, moves its parts, and leaves no marker files. */
  private void writeParts(Dataset<Row> rows, String folder, Function<String, Path> target) {
    rows.write().mode(SaveMode.Overwrite).parquet(uri(folder));
    try {
      for (FileStatus file : fileSystem.listStatus(path(folder))) {
        String found = file.getPath().getName();
        if (found.startsWith("part-")) {
          ParquetFooter.moveSorted(fileSystem, file, target.apply(found));
        } else {
          fileSystem.delete(file.getPath(), true);
        }
      }
    } catch (IOException e) {
      throw failed("write", folder, e);
    }
  }

  /** Returns every file below a name, with its size, hash and rows, in the order of paths. */
  List<RunRecord.FileRecord> files(String name) {
    try {
      return fileSystem.exists(path(name))
          ? new FileInventory(fileSystem, root).of(fileSystem.getFileStatus(path(name)))
          : List.of();
    } catch (IOException e) {
      throw failed("read", name, e);
    }
  }

  private InvalidInputException failed(String verb, String name, IOException cause) {
    String why = cause instanceof FileNotFoundException ? "it is not there" : cause.getMessage();
    return new InvalidInputException("Cannot %s %s: %s.".formatted(verb, path(name), why), cause);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
