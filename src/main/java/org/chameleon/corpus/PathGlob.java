package org.chameleon.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
public final class PathGlob {
  private static final String ANY_FOLDERS = "**";

  private final FileSystem fileSystem;
  private final Consumer<FileStatus> hidden;
  private final Map<Path, Found> found = new LinkedHashMap<>();

  private PathGlob(FileSystem fileSystem, Consumer<FileStatus> hidden) {
    this.fileSystem = fileSystem;
    this.hidden = hidden;
  }

  /**
   * A file or folder.
   *
   * @param status what the file system says of it
   * @param named whether its name was given, not a pattern that it fits
   */
  public record Found(FileStatus status, boolean named) {}

  /**
   * Returns what is there, in the order of the listings.
   *
   * @param hidden is told of what fits but for being hidden
   */
  public static List<Found> find(FileSystem fileSystem, Path path, Consumer<FileStatus> hidden)
      throws IOException {
    PathGlob glob = new PathGlob(fileSystem, hidden);
    if (!glob.add(path)) {
      String text = path.toUri().getPath();
      Path at = fileSystem.makeQualified(new Path(text.startsWith("/") ? "/" : "."));
      List<String> parts = parts(text);
      int literal = 0;
      while (literal < parts.size() - 1 && glob.isThere(at, parts.get(literal))) {
        at = Paths.in(at, parts.get(literal++));
      }
      String rest = String.join("/", parts.subList(literal, parts.size()));
      for (String alternative : GlobExpander.expand(rest)) {
        glob.walk(at, parts(alternative));
      }
    }
    return List.copyOf(glob.found.values());
  }

  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
  }

  /** A folder that is there is itself too, whatever follows. */
  private boolean isThere(Path at, String part) throws IOException {
    boolean plain = part.matches("[^*?\\[\\]{}\\\\]*");
    return plain || (!part.equals(ANY_FOLDERS) && fileSystem.exists(Paths.in(at, part)));
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
        if (!pattern.matches(name)) {
          continue;
        }
        if (Listing.isHidden(name) && !showsHidden) {
          hide(child, rest);
        } else if (rest.isEmpty()) {
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
      if (Listing.isHidden(child.getPath().getName())) {
        hide(child, rest);
      } else if (child.isDirectory()) {
        folders.add(child);
      } else if (rest.isEmpty()) {
        found.putIfAbsent(child.getPath(), new Found(child, false));
      }
    }
    if (!rest.isEmpty()) {
      walk(at, rest);
    }
    for (FileStatus folder : folders) {
      anyFolders(folder.getPath(), rest);
    }
  }

  private void hide(FileStatus child, List<String> rest) {
    if (rest.isEmpty()) {
      hidden.accept(child);
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
