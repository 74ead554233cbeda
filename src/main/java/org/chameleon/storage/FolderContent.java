package org.chameleon.storage;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.chameleon.config.InvalidInputException;

/**
 * What the application writes into a folder, and the one rule of what may be written over: a folder
 * is free if nothing but our own hidden files is in it; it is ours if our mark is there; else it is
 * somebody's, and left alone. Of a folder that is ours only our own files are ever deleted.
 *
 * @param what it is called, and by what it is known, such as {@code a run (it has no run.json)}
 * @param isIn whether it is there, finished or not
 * @param names of its files and folders, the one that says that it is ours last
 * @param state what to say of one that is there
 * @param remedy what may be asked for then, such as {@code --overwrite to replace it}
 */
public record FolderContent(
    String what,
    Predicate<Folder> isIn,
    List<String> names,
    Function<Folder, String> state,
    String remedy) {

  /** How the names of drafts begin. */
  static final String STAGING = ".staging";

  private static final int MOST_NAMED = 5;

  /** Copies the names. */
  public FolderContent {
    names = List.copyOf(names);
  }

  /**
   * Checks that a folder may be written.
   *
   * @throws InvalidInputException if it is somebody else's, or ours and must not exist
   */
  void requireFree(Folder folder, Existing existing) {
    List<String> found =
        folder.names().stream()
            .filter(name -> !name.equals(FolderLock.FOLDER) && !name.startsWith(STAGING))
            .sorted()
            .toList();
    if (found.isEmpty()) {
      return;
    }
    if (!isIn.test(folder)) {
      throw new InvalidInputException(
          "Cannot write to %s: it exists and is not %s: it holds other files (%s). Give another --output."
              .formatted(folder, what, shortened(found)));
    }
    if (existing == Existing.REFUSE) {
      throw new InvalidInputException(
          "Cannot write to %s: it %s. Give %s, or another --output."
              .formatted(folder, state.apply(folder), remedy));
    }
  }

  private static String shortened(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
    return names.size() > MOST_NAMED ? first + ", …" : first;
  }

  /** Deletes what is ours. */
  void delete(Folder folder) {
    names.forEach(folder::delete);
  }
}
