package org.chameleon.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;
import org.chameleon.storage.Paths;

/**
 * What a path of the configuration names. A path that is there is itself, whatever characters it
 * has; else {@code * ? [ab] {ab,cd}} match as in Hadoop, and {@code **} any number of folders.
 */
final class PathGlob {
  private static final String ANY_FOLDERS = "**";

  private final FileSystem fileSystem;
  private final Map<Path, Found> found = new LinkedHashMap<>();

  private PathGlob(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /**
   * A file or folder.
   *
   * @param status what the file system says of it
   * @param named whether its name was given, not a pattern that it fits
   */
  record Found(FileStatus status, boolean named) {}

  /** Returns what is there, in the order of the listings. */
  static List<Found> find(FileSystem fileSystem, Path path) throws IOException {
    PathGlob glob = new PathGlob(fileSystem);
    if (!glob.add(path)) {
      for (String alternative : GlobExpander.expand(path.toUri().getPath())) {
        List<String> parts =
            Arrays.stream(alternative.split("/")).filter(part -> !part.isEmpty()).toList();
        String root = alternative.startsWith("/") ? "/" : ".";
        glob.walk(fileSystem.makeQualified(new Path(root)), parts);
      }
    }
    return List.copyOf(glob.found.values());
  }

  private boolean add(Path path) throws IOException {
    try {
      found.put(path, new Found(Listing.status(fileSystem, path), true));
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private void walk(Path at, List<String> parts) throws IOException {
    String part = parts.get(0);
    List<String> rest = parts.subList(1, parts.size());
    GlobPattern pattern = new GlobPattern(part);
    if (part.equals(ANY_FOLDERS)) {
      anyFolders(at, rest);
    } else if (!pattern.hasWildcard()) {
      Path child = Paths.in(at, part.replaceAll("\\\\(.)", "$1"));
      if (rest.isEmpty()) {
        add(child);
      } else {
        walk(child, rest);
      }
    } else {
      boolean showsHidden = Listing.isHidden(part);
      for (FileStatus child : children(at)) {
        String name = child.getPath().getName();
        if (!pattern.matches(name) || (Listing.isHidden(name) && !showsHidden)) {
          continue;
        }
        if (rest.isEmpty()) {
          found.putIfAbsent(child.getPath(), new Found(child, false));
        } else if (child.isDirectory()) {
          walk(child.getPath(), rest);
        }
      }
    }
  }

  private void anyFolders(Path at, List<String> rest) throws IOException {
    List<FileStatus> folders = new ArrayList<>();
    for (FileStatus child : children(at)) {
      if (!Listing.isHidden(child.getPath().getName())) {
        if (child.isDirectory()) {
          folders.add(child);
        } else if (rest.isEmpty()) {
          found.putIfAbsent(child.getPath(), new Found(child, false));
        }
      }
    }
    if (!rest.isEmpty()) {
      walk(at, rest);
    }
    for (FileStatus folder : folders) {
      anyFolders(folder.getPath(), rest);
    }
  }

  private List<FileStatus> children(Path folder) throws IOException {
    try {
      return Listing.of(fileSystem, folder);
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
