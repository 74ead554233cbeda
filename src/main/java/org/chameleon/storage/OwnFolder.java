package org.chameleon.storage;

import java.io.IOException;
import java.util.List;
import org.chameleon.config.InvalidInputException;

/** A folder that this process alone writes, until it is closed. */
public final class OwnFolder implements AutoCloseable {
  private final Folder folder;
  private final FolderLock lock;

  private OwnFolder(Folder folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes a folder, which is made if it is not there. What is in it stays until {@link #clear}.
   *
   * @param content what will be written
   * @param inputs what is read: it may not lie in the folder
   * @throws InvalidInputException if it exists and must not, is somebody else's, holds an input,
   *     cannot be written, or another process writes it
   */
  public static OwnFolder take(
      Folder folder, FolderContent content, Existing existing, InputPaths inputs) {
    requireFree(folder, content, existing, inputs);
    OwnFolder own = lock(folder);
    try {
      content.requireFree(folder, existing);
      own.deleteDrafts();
      return own;
    } catch (Throwable failure) {
      own.close();
      throw failure;
    }
  }

  /**
   * Checks whether a folder could be taken.
   *
   * @throws InvalidInputException if it exists and must not, is somebody else's, or holds an input
   */
  public static void requireFree(
      Folder folder, FolderContent content, Existing existing, InputPaths inputs) {
    content.requireFree(folder, existing);
    inputs.requireOutside(folder);
  }

  private static OwnFolder lock(Folder folder) {
    try {
      FolderLock.Lease lease = FolderLock.Lease.STANDARD;
      return new OwnFolder(folder, FolderLock.acquire(folder.fileSystem(), folder.path(""), lease));
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot write to %s: %s. Give an --output that can be written."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** Nobody else writes: drafts of before belong to processes that were cut off. */
  private void deleteDrafts() {
    folder.names().stream().filter(FolderContent::isDraft).forEach(folder::delete);
  }

  /** Returns the folder, for reading and writing. */
  public Folder folder() {
    return folder;
  }

  /**
   * Checks that this process still has the folder.
   *
   * @throws InvalidInputException if another has taken it, this one having been silent for too long
   */
  public void requireHeld() {
    lock.requireHeld();
  }

  /**
   * Returns the name of a hidden folder for drafts. It is this process's own: one that was taken
   * over may still write into its.
   */
  public String drafts() {
    return FolderContent.draft(lock);
  }

  /** Replaces a file in one step. */
  public void replace(String name, String text) {
    requireHeld();
    folder.replace(name, drafts() + "-" + name, text);
  }

  /**
   * Moves files from {@link #drafts} into place. What else lies there stays.
   *
   * @param name of the file or folder that they are, or all lie in
   * @param before paths of the files whose place they take
   * @param after their own paths
   * @throws InvalidInputException if a file that is none of {@code before} is in the way
   */
  public void accept(String name, List<String> before, List<String> after) {
    accept(drafts(), name, before, after);
    folder.delete(drafts());
  }

  /**
   * As {@link #accept(String, List, List)}, from another folder, which stays.
   *
   * @param draft name of the folder in which the files have the paths that they will have
   */
  public void accept(String draft, String name, List<String> before, List<String> after) {
    requireHeld();
    new OwnFiles(folder).replace(draft, name, before, after);
  }

  /** Returns a folder below this one, which this process alone writes as long as this one. */
  public OwnFolder below(String name) {
    OwnFolder own = new OwnFolder(folder.folder(name), lock);
    own.deleteDrafts();
    return own;
  }

  /** Deletes what an earlier process wrote, but for its record, which is replaced. */
  public void clear(FolderContent content) {
    requireHeld();
    content.delete(folder);
  }

  /**
   * Deletes what was written, after a failure; what cannot be deleted is said beside it. Another
   * process that has taken the folder over keeps what it writes.
   *
   * @param record that says that the content is ours, deleted last
   */
  public void discard(FolderContent content, String record, Throwable failure) {
    try {
      requireHeld();
      content.delete(folder);
      folder.delete(record);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Lets others write the folder. */
  @Override
  public void close() {
    lock.close();
  }
}
