package org.chameleon.model;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of other file systems, copied to this host once for all processes of this user.
 *
 * <p>A copy is known by the source's URI, length and modification time, and is named by a hash of
 * these and the SHA-256 of its content. Whoever takes it checks length and content first; one that
 * is not as it was copied is fetched again. What is fetched lies under another name until it is
 * whole.
 *
 * <p>Each use of the folder deletes copies that nobody has taken for a day, and, where a file is to
 * be fetched, those that were not taken for longest, until all together fill at most half of the
 * disk space that is free or theirs. What somebody holds stays.
 */
final class FetchedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(FetchedFiles.class);
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int KEY_DIGITS = 32;
  private static final String PART = ".part";
  private static final String WHOLE = ".copy";

  private static FetchedFiles ofThisHost;

  private final Path folder;
  private final Disk disk;
  private final HostLocks locks;

  /** The disk of the folder. */
  @FunctionalInterface
  interface Disk {
    /** Returns how many bytes can be written to it. */
    long free() throws IOException;
  }

  /** Keeps files in a folder that is this user's alone. */
  FetchedFiles(Path folder) {
    this(folder, () -> Files.getFileStore(folder).getUsableSpace());
  }

  /** As {@link #FetchedFiles(Path)}, on a given disk. */
  FetchedFiles(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
    this.locks = new HostLocks(folder.resolve("lock"));
  }

  /**
   * Returns this user's files on this host.
   *
   * @throws InvalidInputException if somebody else could write to their folder
   */
  static synchronized FetchedFiles ofThisHost() {
    Path folder = PrivateFolder.ofWeights();
    if (ofThisHost == null || !ofThisHost.folder.equals(folder)) {
      ofThisHost = new FetchedFiles(folder);
    }
    return ofThisHost;
  }

  /** A file that nobody deletes or replaces until it is closed. */
  record Held(Path path, HostLocks.Held lock) implements AutoCloseable {
    @Override
    public void close() {
      lock.close();
    }
  }

  /** A copy in the folder. */
  private record Copy(Path path, String key, long bytes, Instant taken, Object file) {}

  /**
   * Returns a local copy, which is fetched unless it is there.
   *
   * @throws IOException if it cannot be fetched; nothing of it is left then
   * @throws InvalidInputException if the disk has no room for it
   */
  Held take(org.apache.hadoop.fs.Path source, FileSystem fileSystem) throws IOException {
    FileStatus status = fileSystem.getFileStatus(source);
    String key = key(status);
    sweep(key, status.getLen());
    boolean isFresh = false;
    while (true) {
      HostLocks.Held lock = locks.shared(number(key));
      Optional<Copy> found = Optional.empty();
      try {
        found = copy(key);
        if (found.isPresent() && (isFresh || isSound(found.get(), status))) {
          Files.setLastModifiedTime(found.get().path(), FileTime.from(Instant.now()));
          HostLocks.Held handedOn = lock;
          lock = () -> {};
          return new Held(found.get().path(), handedOn);
        }
      } finally {
        lock.close();
      }
      isFresh = fetchedInPlaceOf(found, key, status, fileSystem);
    }
  }

  /**
   * Fetches a file, unless another process has done so since what was found there was looked at.
   * Where nothing was found, others may have it by now, and keep it for as long as they use it:
   * they are not waited for.
   */
  private boolean fetchedInPlaceOf(
      Optional<Copy> found, String key, FileStatus status, FileSystem fileSystem)
      throws IOException {
    Optional<HostLocks.Held> free =
        found.isEmpty() ? locks.aloneSoon(number(key)) : Optional.of(locks.alone(number(key)));
    if (free.isEmpty()) {
      return false;
    }
    HostLocks.Held alone = free.get();
    try {
      boolean isUnchanged = copy(key).map(Copy::file).equals(found.map(Copy::file));
      if (isUnchanged) {
        fetch(key, status, fileSystem);
      }
      return isUnchanged;
    } finally {
      alone.close();
    }
  }

  private static String key(FileStatus status) {
    String identity =
        status.getPath() + "\n" + status.getLen() + "\n" + status.getModificationTime();
    return DigestUtils.sha256Hex(identity).substring(0, KEY_DIGITS);
  }

  /** Returns which byte of the lock file stands for a key: two keys may well share one. */
  private static long number(String key) {
    return Long.parseLong(key.substring(0, 10), 16);
  }

  private void fetch(String key, FileStatus status, FileSystem fileSystem) throws IOException {
    requireRoom(status);
    Path part = Files.createTempFile(folder, key + "-", PART);
    try {
      String sha256 = HashedCopy.of(status, fileSystem, part);
      FileStatus now = fileSystem.getFileStatus(status.getPath());
      if (!key(now).equals(key)) {
        throw new IOException(status.getPath() + " was changed while it was copied");
      }
      Path whole = folder.resolve(key + "-" + sha256 + WHOLE);
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
      for (Path other : paths(key + "-*" + WHOLE)) {
        if (!other.equals(whole)) {
          Files.deleteIfExists(other);
        }
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void requireRoom(FileStatus status) throws IOException {
    long free = disk.free();
    if (free < status.getLen()) {
      throw new InvalidInputException(
          ("Cannot copy %s to %s: it has %d bytes, and %d are free there. Free some, or set"
                  + " DJL_CACHE_DIR to a folder on another disk.")
              .formatted(status.getPath(), folder, status.getLen(), free));
    }
  }

  private boolean isSound(Copy copy, FileStatus status) throws IOException {
    String name = copy.path().getFileName().toString();
    boolean isSound =
        copy.bytes() == status.getLen()
            && name.equals(copy.key() + "-" + HashedCopy.sha256(copy.path()) + WHOLE);
    if (!isSound) {
      LOG.warn(
          "{} is not what was copied there from {}: it is fetched again",
          copy.path(),
          Secrets.hidden(status.getPath().toString()));
    }
    return isSound;
  }

  /** Deletes what is no longer used, and makes room for a file. */
  private void sweep(String key, long bytes) throws IOException {
    for (Path part : paths("*-*" + PART)) {
      deleteIfFree(part);
    }
    List<Copy> copies = copies("*-*" + WHOLE);
    long needed = copies.stream().anyMatch(copy -> copy.key().equals(key)) ? 0 : bytes;
    long theirs = copies.stream().mapToLong(Copy::bytes).sum();
    long most = (disk.free() + theirs) / 2;
    Instant old = Instant.now().minus(KEPT);
    copies.sort(Comparator.comparing(Copy::taken));
    for (Copy copy : copies) {
      boolean isTooMuch = needed > 0 && theirs + needed > most;
      if (!copy.key().equals(key) && (isTooMuch || copy.taken().isBefore(old))) {
        theirs -= deleteIfFree(copy.path()) ? copy.bytes() : 0;
      }
    }
  }

  private boolean deleteIfFree(Path path) throws IOException {
    Optional<HostLocks.Held> alone = locks.aloneIfFree(number(keyOf(path)));
    if (alone.isEmpty()) {
      return false;
    }
    try {
      Files.deleteIfExists(path);
      return true;
    } finally {
      alone.get().close();
    }
  }

  private Optional<Copy> copy(String key) throws IOException {
    return copies(key + "-*" + WHOLE).stream().findFirst();
  }

  private List<Copy> copies(String glob) throws IOException {
    List<Copy> copies = new ArrayList<>();
    for (Path path : paths(glob)) {
      try {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        copies.add(
            new Copy(
                path,
                keyOf(path),
                file.size(),
                file.lastModifiedTime().toInstant(),
                file.fileKey()));
      } catch (NoSuchFileException e) {
        // Somebody else has deleted it.
      }
    }
    return copies;
  }

  private List<Path> paths(String glob) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      found.forEach(paths::add);
    }
    return paths;
  }

  private static String keyOf(Path path) {
    return path.getFileName().toString().substring(0, KEY_DIGITS);
  }
}
