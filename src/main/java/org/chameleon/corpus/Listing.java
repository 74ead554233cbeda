package org.chameleon.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;

/** What lies in folders. */
final class Listing {
  private Listing() {}

  /**
   * Returns what a file system says of a path.
   *
   * @throws InvalidInputException if a link is there whose target is not
   */
  static FileStatus status(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.getFileStatus(path);
    } catch (FileNotFoundException e) {
      if (isLocal(fileSystem)) {
        requireTarget(java.nio.file.Path.of(fileSystem.makeQualified(path).toUri().getPath()));
      }
      throw e;
    }
  }

  /**
   * Returns what lies in a folder, by name; a file is its own content.
   *
   * @throws InvalidInputException if there is a link to nothing, unless it is hidden or is named
   *     like what lies beside data
   */
  static List<FileStatus> of(FileSystem fileSystem, Path folder) throws IOException {
    FileStatus[] found = fileSystem.listStatus(folder);
    Arrays.sort(found, Comparator.comparing(FileStatus::getPath));
    java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
    if (isLocal(fileSystem) && Files.isDirectory(local)) {
      // Hadoop leaves links to nothing out of its listing.
      try (DirectoryStream<java.nio.file.Path> all = Files.newDirectoryStream(local)) {
        for (java.nio.file.Path one : all) {
          String name = one.getFileName().toString();
          boolean isData = FileFormat.of(name).isPresent() || FileFormat.looksLikeData(name);
          if (!isHidden(name) && (isData || name.indexOf('.') < 0)) {
            requireTarget(one);
          }
        }
      }
    }
    return List.of(found);
  }

  private static boolean isLocal(FileSystem fileSystem) {
    return fileSystem.getUri().getScheme().equals("file");
  }

  private static void requireTarget(java.nio.file.Path path) throws IOException {
    if (Files.isSymbolicLink(path) && !Files.exists(path)) {
      throw new InvalidInputException(
          "Cannot read %s: it is a link to %s, where nothing is. Correct the link, or remove it."
              .formatted(path, Files.readSymbolicLink(path)));
    }
  }

  /** Hidden as in Spark: a partition folder may begin with an underscore. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || (name.startsWith("_") && name.indexOf('=') < 0);
  }
}
