package org.chameleon.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;

/**
 * What is read, while a folder is written.
 *
 * @param byKey paths or patterns, by the key or option that names them
 */
public record InputPaths(Map<String, List<String>> byKey) {
  /** Nothing. */
  public static final InputPaths NONE = new InputPaths(Map.of());

  /** Copies the map. */
  public InputPaths {
    byKey = new TreeMap<>(byKey);
  }

  /** Returns these, and one more. */
  public InputPaths and(String key, String path) {
    Map<String, List<String>> more = new TreeMap<>(byKey);
    more.put(key, List.of(path));
    return new InputPaths(more);
  }

  /**
   * Checks that nothing that is read lies in a folder that is going to be written.
   *
   * @throws InvalidInputException if something does
   */
  public void requireOutside(Folder folder) {
    byKey.forEach(
        (key, paths) -> {
          for (String path : paths) {
            if (mayLieIn(folder, path)) {
              throw new InvalidInputException(
                  "Cannot write to %s: %s is %s, which lies in it. Give another --output, or move the input."
                      .formatted(folder, key, path));
            }
          }
        });
  }

  /** Whether a path or pattern can name a folder or something in it. */
  private static boolean mayLieIn(Folder folder, String input) {
    try {
      Path path = Paths.of(input);
      FileSystem fileSystem = path.getFileSystem(folder.fileSystem().getConf());
      if (!store(fileSystem.getUri()).equals(store(folder.fileSystem().getUri()))) {
        return false;
      }
      Path read = fileSystem.makeQualified(path);
      Path written = folder.path("");
      boolean local = fileSystem.getUri().getScheme().equals("file");
      return isBelow(names(read), names(written))
          || (local && isBelow(names(withoutLinks(read)), names(withoutLinks(written))));
    } catch (IOException | RuntimeException e) {
      // Whoever opens it says what is wrong with it: no such store, or no library for it.
      return false;
    }
  }

  /** One store may be named by several schemes. */
  private static String store(URI uri) {
    String scheme =
        String.valueOf(uri.getScheme())
            .replaceFirst("^s3[an]?$", "s3")
            .replaceFirst("^(abfs|wasb)s$", "$1");
    return scheme + "://" + uri.getAuthority();
  }

  /** Returns where a local path leads; what is not there yet, such as a pattern, stays as it is. */
  private static Path withoutLinks(Path path) throws IOException {
    java.nio.file.Path there = java.nio.file.Path.of(path.toUri().getPath());
    java.nio.file.Path rest = java.nio.file.Path.of("");
    while (there.getNameCount() > 0 && !Files.exists(there)) {
      rest = there.getFileName().resolve(rest);
      there = there.getParent();
    }
    return new Path(null, null, there.toRealPath().resolve(rest).toString());
  }

  private static boolean isBelow(String[] names, String[] above) {
    for (int i = 0; i < above.length; i++) {
      if (i >= names.length || !isOrMatches(names[i], above[i])) {
        return false;
      }
    }
    return true;
  }

  private static String[] names(Path path) {
    String text = path.toUri().getPath();
    return text.equals("/") ? new String[] {""} : text.split("/", -1);
  }

  private static boolean isOrMatches(String pattern, String name) {
    try {
      return pattern.equals(name) || new GlobPattern(pattern).matches(name);
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
