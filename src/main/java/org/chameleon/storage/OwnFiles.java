package org.chameleon.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chameleon.config.InvalidInputException;

/**
 * Files of a folder that this program wrote, among others that it did not: those are never deleted,
 * moved or written over.
 */
final class OwnFiles {
  private final Folder folder;

  OwnFiles(Folder folder) {
    this.folder = folder;
  }

  /** Deletes files that are there, in their order, and then the folders that held nothing else. */
  void delete(Collection<String> paths) {
    Set<String> own = new LinkedHashSet<>(paths);
    Set<String> tops = new LinkedHashSet<>();
    own.forEach(path -> tops.add(path.split("/", 2)[0]));
    for (String top : tops) {
      List<String> found = folder.paths(top);
      if (own.containsAll(found)) {
        folder.delete(top);
      } else {
        Set<String> there = new HashSet<>(found);
        own.stream().filter(there::contains).forEach(folder::delete);
        folder.deleteEmpty(top);
      }
    }
  }

  /**
   * Moves files in place of others.
   *
   * @param draft folder in which the new files have the paths that they will have
   * @param name of the file or folder that they are, or all lie in
   * @param before paths of the files whose place they take
   * @param after their own paths
   * @throws InvalidInputException if a file that is none of {@code before} is in the way
   */
  void replace(String draft, String name, Collection<String> before, Collection<String> after) {
    List<String> others = new ArrayList<>(folder.paths(name));
    others.removeAll(Set.copyOf(before));
    after.forEach(path -> requireFree(path, others));
    delete(before);
    if (!folder.has(name)) {
      folder.move(draft + "/" + name, name);
      return;
    }
    for (String path : after) {
      if (path.contains("/")) {
        folder.makeFolder(path.substring(0, path.lastIndexOf('/')));
      }
      folder.move(draft + "/" + path, path);
    }
  }

  private void requireFree(String path, List<String> others) {
    for (String other : others) {
      if ((path + "/").startsWith(other + "/") || other.startsWith(path + "/")) {
        throw new InvalidInputException(
            "Cannot write %s: %s is there, and was not written by this program. Move it away."
                .formatted(folder.uri(path), folder.uri(other)));
      }
    }
  }
}
