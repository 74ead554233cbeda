package org.chameleon.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.chameleon.config.InvalidInputException;

/**
 * What the application writes into a folder, and the one rule of what may be written over: a folder
 * is free if nothing but our own hidden files is in it; it is ours if our record is there; else it
 * is somebody's, and left alone. Of a folder that is ours only the files that we wrote are ever
 * deleted.
 *
 * @param what it is called, and why a folder is none, such as {@code a run (it has no run.json)}
 * @param isIn whether it is there, finished or not, by a record of ours
 * @param files that were written, by their paths below the folder; the record is none of them
 * @param state what to say of one that is there; nothing where it may be written over unasked
 * @param remedy what may be asked for then, such as {@code --overwrite to replace it}
 */
public record FolderContent(
    Function<Folder, String> what,
    Predicate<Folder> isIn,
    Function<Folder, List<String>> files,
    Function<Folder, Optional<String>> state,
    String remedy) {

  /** How the names of drafts begin. */
  private static final String STAGING = ".staging-";

  private static final Pattern DRAFT =
      Pattern.compile(Pattern.quote(STAGING) + FolderLock.NAME.pattern() + "(?:-.*)?");

  private static final int MOST_NAMED = 5;

  /** Returns the name of a draft of whoever has the lock. */
  static String draft(FolderLock lock) {
    return STAGING + lock.name();
  }

  /** Returns whether a name is that of a draft. */
  static boolean isDraft(String name) {
    return DRAFT.matcher(name).matches();
  }

  /**
   * Checks that a folder may be written.
   *
   * @throws InvalidInputException if it is somebody else's, or ours and must not exist
   */
  void requireFree(Folder folder, Existing existing) {
    List<String> found =
        folder.names().stream()
            .filter(name -> !name.equals(FolderLock.FOLDER) && !isDraft(name))
            .sorted()
            .toList();
    if (found.isEmpty()) {
      return;
    }
    if (!isIn.test(folder)) {
      throw new InvalidInputException(
          "Cannot write to %s: it exists and is not %s: it holds other files (%s). Give another --output."
              .formatted(folder, what.apply(folder), shortened(found)));
    }
    Optional<String> kept = state.apply(folder);
    if (existing == Existing.REFUSE && kept.isPresent()) {
      throw new InvalidInputException(
          "Cannot write to %s: it %s. Give %s, or another --output."
              .formatted(folder, kept.get(), remedy));
    }
  }

  private static String shortened(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
    return names.size() > MOST_NAMED ? first + ", …" : first;
  }

  /** Deletes what is ours, but for the record. */
  void delete(Folder folder) {
    new OwnFiles(folder).delete(files.apply(folder));
  }
}
