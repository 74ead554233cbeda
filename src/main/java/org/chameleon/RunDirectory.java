package org.chameleon;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.cluster.HadoopSettings;
import org.chameleon.config.InvalidInputException;

/**
 * Where a run's files are. A stage writes into a staging folder and is then moved into place whole.
 * One process at a time writes it.
 */
public final class RunDirectory implements AutoCloseable {
  private static final String RUN = "run.json";
  private static final String STAGING = ".staging";

  private final FileSystem fileSystem;
  private final Path root;
  private RunLock lock;

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
   * Opens a directory for writing, by this process alone until it is closed.
   *
   * @throws InvalidInputException if it exists and must not, is not a run, cannot be written, or
   *     another process writes it
   */
  public static RunDirectory prepare(String uri, Existing existing, Configuration hadoop) {
    RunDirectory directory = at(uri, hadoop);
    try {
      directory.requireUsable(existing);
      directory.lock =
          RunLock.acquire(directory.fileSystem, directory.root, RunLock.Lease.STANDARD);
      directory.requireUsable(existing);
      directory.clear(existing == Existing.OVERWRITE ? "" : STAGING);
      return directory;
    } catch (IOException e) {
      directory.close();
      throw new InvalidInputException(
          "Cannot write to %s: %s. Give an --output that can be written."
              .formatted(directory.root, e.getMessage()),
          e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private void requireUsable(Existing existing) throws IOException {
    List<String> found = content();
    boolean started =
        found.stream().anyMatch(n -> !n.equals(RunLock.FOLDER) && !n.startsWith(STAGING));
    if (started && existing == Existing.REFUSE) {
      throw new InvalidInputException(
          "Cannot write to %s: it exists. Give --resume to keep what still holds, --overwrite to start over, or another --output."
              .formatted(root));
    }
    if (started && !found.contains(RUN)) {
      throw new InvalidInputException(
          "Cannot write to %s: it exists and is not a run (it has no run.json). Give another --output."
              .formatted(root));
    }
  }

  private List<String> content() throws IOException {
    List<String> names = new ArrayList<>();
    if (fileSystem.exists(root)) {
      for (FileStatus status : fileSystem.listStatus(root)) {
        names.add(status.getPath().getName());
      }
    }
    return names;
  }

  /** Deletes what is there under names with a beginning, but for the lock. */
  private void clear(String beginning) throws IOException {
    for (String name : content()) {
      if (name.startsWith(beginning) && !name.equals(RunLock.FOLDER)) {
        fileSystem.delete(path(name), true);
      }
    }
  }

  /** Lets others write the directory. */
  @Override
  public void close() {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  /** Opens a directory for reading. */
  public static RunDirectory at(String uri, Configuration hadoop) {
    try {
      Path path = new Path(uri);
      FileSystem fileSystem = HadoopSettings.fileSystem(path, hadoop);
      return new RunDirectory(fileSystem, fileSystem.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot open run directory '" + uri + "': " + e.getMessage() + ".", e);
    }
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

  /** Replaces {@code run.json} in one step: whoever reads it sees the old or the new one. */
  void write(RunRecord record) {
    requireHeld();
    try {
      AtomicFile.replace(fileSystem, path(RUN), path(staging() + "-" + RUN), Json.text(record));
    } catch (IOException e) {
      throw failed("write", RUN, e);
    }
  }

  private void requireHeld() {
    if (lock == null) {
      throw new IllegalStateException(root + " is open for reading only");
    }
    lock.requireHeld();
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
    requireHeld();
    deleteStaging();
    String name = staging() + "/" + stage;
    try {
      fileSystem.mkdirs(path(name));
      return name;
    } catch (IOException e) {
      throw failed("write", name, e);
    }
  }

  /** Moves what a stage wrote into place, in place of what was there. */
  void publish(Stage stage) {
    requireHeld();
    try {
      fileSystem.delete(path(stage.output()), true);
      if (!fileSystem.rename(
          path(staging() + "/" + stage + "/" + stage.output()), path(stage.output()))) {
        throw new IOException("the file system refused to rename it");
      }
      deleteStaging();
    } catch (IOException e) {
      throw failed("write", stage.output(), e);
    }
  }

  void deleteStaging() {
    delete(staging());
  }

  /**
   * Returns the staging folder of this process: one that was taken over may still write its own.
   */
  private String staging() {
    return STAGING + "-" + lock.name();
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
    try {
      AtomicFile.write(fileSystem, path(name), text);
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

  /** Returns what writes tables into this directory. */
  TableWriter tables() {
    return new TableWriter(fileSystem, root);
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
