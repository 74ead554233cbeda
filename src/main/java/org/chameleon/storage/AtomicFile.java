package org.chameleon.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Replaces a file in one step: whoever reads it sees the old content or the new. */
final class AtomicFile {
  /** Where a file can be renamed over another in one step; in object stores it appears whole. */
  private static final Set<String> RENAMING = Set.of("hdfs", "viewfs", "abfs", "abfss");

  private AtomicFile() {}

  /**
   * Writes the text and puts it in place.
   *
   * @param draft a name that nobody else uses, where a draft is needed
   */
  static void replace(FileSystem fileSystem, Path file, Path draft, String text)
      throws IOException {
    String scheme = fileSystem.getUri().getScheme();
    boolean local = scheme.equals("file");
    if (!local && !RENAMING.contains(scheme)) {
      write(fileSystem, file, text);
      return;
    }
    write(fileSystem, draft, text);
    if (local) {
      Files.move(
          java.nio.file.Path.of(draft.toUri().getPath()),
          java.nio.file.Path.of(file.toUri().getPath()),
          StandardCopyOption.ATOMIC_MOVE);
    } else {
      FileContext.getFileContext(fileSystem.getUri(), fileSystem.getConf())
          .rename(draft, file, Options.Rename.OVERWRITE);
    }
  }

  /** Writes a text into a file that nobody reads before it is whole. */
  static void write(FileSystem fileSystem, Path file, String text) throws IOException {
    try (OutputStream out = fileSystem.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
