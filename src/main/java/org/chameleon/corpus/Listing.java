package org.chameleon.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;

/** What lies in folders. */
final class Listing {
  /** An ending as files have that are no data; {@code CC-2023.06} is a folder's name. */
  private static final Pattern BESIDE = Pattern.compile("\\.[A-Za-z]{1,8}$");

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
   * Returns what lies in a folder, by name; a file is its own content. A link to nothing that is
   * named like what lies beside data is listed as a link.
   *
   * @throws InvalidInputException if there is another link to nothing, unless it is hidden
   */
  static List<FileStatus> of(FileSystem fileSystem, Path folder) throws IOException {
    List<FileStatus> found = new ArrayList<>(List.of(fileSystem.listStatus(folder)));
    java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
    if (isLocal(fileSystem) && Files.isDirectory(local)) {
      // Hadoop leaves links to nothing out of its listing.
      try (DirectoryStream<java.nio.file.Path> all = Files.newDirectoryStream(local)) {
        for (java.nio.file.Path one : all) {
          String name = one.getFileName().toString();
          if (!isHidden(name) && isLinkToNothing(one)) {
            boolean isData = FileFormat.of(name).isPresent() || FileFormat.looksLikeData(name);
            if (isData || !BESIDE.matcher(name).find()) {
              requireTarget(one);
            }
            found.add(link(new Path(folder, name), Files.readSymbolicLink(one)));
          }
        }
      }
    }
    found.sort(Comparator.comparing(FileStatus::getPath));
    return found;
  }

  private static FileStatus link(Path path, java.nio.file.Path target) throws IOException {
    Path to = new Path(target.toUri());
    return new FileStatus(0, false, 0, 0, 0, 0, null, null, null, to, path);
  }

  private static boolean isLocal(FileSystem fileSystem) {
    return fileSystem.getUri().getScheme().equals("file");
  }

  private static void requireTarget(java.nio.file.Path path) throws IOException {
    if (isLinkToNothing(path)) {
      throw new InvalidInputException(
          "Cannot read %s: it is a link to %s, where nothing is. Correct the link, or remove it."
              .formatted(path, Files.readSymbolicLink(path)));
    }
  }

  private static boolean isLinkToNothing(java.nio.file.Path path) {
    return Files.isSymbolicLink(path) && !Files.exists(path);
  }

  /** Hidden as in Spark: a partition folder may begin with an underscore. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || (name.startsWith("_") && name.indexOf('=') < 0);
  }
}
