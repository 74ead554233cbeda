package org.chameleon.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Files of any file system as local ones, until they are closed. */
final class LocalFiles implements AutoCloseable {
  private final Configuration hadoop;
  private final List<FetchedFiles.Held> held = new ArrayList<>();

  LocalFiles(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * Opens weights where they lie, if that is on local disk, else as {@link FetchedFiles} has them.
   */
  Safetensors weights(org.apache.hadoop.fs.Path source) throws IOException {
    return Safetensors.open(file(source), source.toString());
  }

  /** Returns where a file lies on this host, fetched if it has to be. */
  Path file(org.apache.hadoop.fs.Path source) throws IOException {
    FileSystem fileSystem = source.getFileSystem(hadoop);
    if (fileSystem.getUri().getScheme().equals("file")) {
      return Path.of(source.toUri().getPath());
    }
    FetchedFiles.Held file = FetchedFiles.ofThisHost().take(source, fileSystem);
    held.add(file);
    return file.path();
  }

  @Override
  public void close() {
    held.forEach(FetchedFiles.Held::close);
  }
}
