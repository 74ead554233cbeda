package org.chameleon.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one process at a time write a folder, on any file system that lists what was written before:
 * local, HDFS and the object stores, which can neither rename nor create exclusively.
 *
 * <p>A process writes a claim, a file of its own, and then lists all claims; it holds the lock only
 * if it finds itself alone. Of two that write at once each sees the other, the later name gives
 * way, and the earlier waits for that. A holder refreshes its claim; a claim that does not change
 * for the length of a lease belongs to a process that was killed, and is removed by who waits. Of a
 * claim that cannot be read the store says how old it is.
 */
final class FolderLock implements AutoCloseable {
  /** How the claims are called. */
  static final Pattern NAME = Pattern.compile("\\d{15}-[0-9a-f-]{36}");

  /** The folder of the claims. */
  static final String FOLDER = ".lock";

  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

  private final FileSystem fileSystem;
  private final Path root;
  private final Lease lease;
  private final Path path;
  private final AtomicReference<LockClaim> claim;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "folder-lock");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean lost;

  /**
   * How often a claim is refreshed, and how long it lives without.
   *
   * @param beat between two refreshments
   * @param expiry much longer than a beat
   */
  record Lease(Duration beat, Duration expiry) {
    static final Lease STANDARD = new Lease(Duration.ofSeconds(5), Duration.ofSeconds(60));
  }

  private FolderLock(FileSystem fileSystem, Path root, Lease lease) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.lease = lease;
    this.claim = new AtomicReference<>(LockClaim.ofThisProcess());
    this.path =
        new Path(
            new Path(root, FOLDER),
            "%015d-%s".formatted(System.currentTimeMillis(), UUID.randomUUID()));
  }

  /**
   * Takes the lock of a directory, which is made if it is not there. Waits up to a lease where
   * another claim is found, to see whether its process lives.
   *
   * @throws InvalidInputException if another process holds it
   */
  static FolderLock acquire(FileSystem fileSystem, Path root, Lease lease) throws IOException {
    FolderLock lock = new FolderLock(fileSystem, root, lease);
    try {
      lock.write(lock.claim.get());
      lock.awaitTurn();
    } catch (Throwable failure) {
      lock.close();
      throw failure;
    }
    long millis = lease.beat().toMillis();
    Future<?> unused =
        lock.heart.scheduleWithFixedDelay(lock::beat, millis, millis, TimeUnit.MILLISECONDS);
    return lock;
  }

  /** Returns a name that no other lock has. */
  String name() {
    return path.getName();
  }

  /**
   * Checks that this process still has the lock.
   *
   * @throws InvalidInputException if another has taken it, this one having been silent for too long
   */
  void requireHeld() {
    try {
      lost =
          lost
              || !fileSystem.exists(path)
              || others().values().stream().anyMatch(LockClaim::holding);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot check the lock of " + root + ": " + e.getMessage() + ".", e);
    }
    if (lost) {
      throw new InvalidInputException(
          ("Cannot go on writing %s: another run has taken it over, because this one was not heard"
                  + " of for %d s. What it had finished is kept.")
              .formatted(root, lease.expiry().toSeconds()));
    }
  }

  private void awaitTurn() throws IOException {
    Map<Path, LockClaim> firstSeen = new HashMap<>();
    Map<Path, Instant> seenAt = new HashMap<>();
    Instant beaten = Instant.now();
    while (true) {
      Map<Path, LockClaim> others = others();
      for (Map.Entry<Path, LockClaim> entry : others.entrySet()) {
        LockClaim other = entry.getValue();
        LockClaim before = firstSeen.putIfAbsent(entry.getKey(), other);
        if (before == null && !other.isLocal()) {
          LOG.info(
              "lock: looking for up to {} s whether {} lives", lease.expiry().toSeconds(), other);
        }
        Instant since = seenAt.computeIfAbsent(entry.getKey(), p -> Instant.now());
        boolean first = entry.getKey().getName().compareTo(path.getName()) < 0;
        boolean changed = before != null && other.beat() != before.beat();
        if (other.isLocal() ? other.isAlive() : changed) {
          if (other.holding() || first) {
            throw new InvalidInputException(
                "Cannot write to %s: another run is writing it (%s). Let it end, or give another --output."
                    .formatted(root, other));
          }
        } else if (other.isLocal()
            || isLeftBehind(other)
            || since.plus(lease.expiry()).isBefore(Instant.now())) {
          LOG.info("lock: removed the claim of a run that was cut off ({})", other);
          fileSystem.delete(entry.getKey(), false);
        }
      }
      if (others.isEmpty()) {
        write(claim.updateAndGet(c -> c.next(true)));
        return;
      }
      if (beaten.plus(lease.beat()).isBefore(Instant.now())) {
        write(claim.updateAndGet(c -> c.next(false)));
        beaten = Instant.now();
      }
      pause();
    }
  }

  /**
   * Whether a claim that says nothing is older than a lease, by the clock of the store: that of the
   * claim that this process keeps writing.
   */
  private boolean isLeftBehind(LockClaim other) throws IOException {
    return other.isUnreadable()
        && fileSystem.getFileStatus(path).getModificationTime() - other.beat()
            > lease.expiry().toMillis();
  }

  private void pause() {
    try {
      Thread.sleep(Math.min(500, lease.beat().toMillis() / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidInputException("Cannot write to " + root + ": interrupted.", e);
    }
  }

  private Map<Path, LockClaim> others() throws IOException {
    Map<Path, LockClaim> claims = new TreeMap<>();
    for (FileStatus status : fileSystem.listStatus(path.getParent())) {
      if (!status.getPath().getName().equals(path.getName())) {
        try (InputStream in = fileSystem.open(status.getPath())) {
          claims.put(status.getPath(), read(in.readAllBytes(), status));
        } catch (FileNotFoundException e) {
          LOG.debug("lock: {} was withdrawn", status.getPath());
        }
      }
    }
    return claims;
  }

  private static LockClaim read(byte[] text, FileStatus file) {
    try {
      LockClaim claim = Json.read(text, LockClaim.class, file.getPath().toString());
      if (claim.machine() != null && claim.processStarted() != null) {
        return claim;
      }
    } catch (InvalidInputException e) {
      LOG.debug("lock: {} says nothing", file.getPath());
    }
    return LockClaim.unreadable(file.getModificationTime());
  }

  private String hidden() {
    return Secrets.hidden(root.toString());
  }

  private void beat() {
    try {
      if (fileSystem.exists(path)) {
        write(claim.updateAndGet(c -> c.next(true)));
      } else {
        lost = true;
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("lock: the claim on {} could not be refreshed: {}", hidden(), e.getMessage());
    }
  }

  private void write(LockClaim content) throws IOException {
    AtomicFile.write(fileSystem, path, Json.text(content));
  }

  /** Gives the lock back, and removes the directory if nothing was written into it. */
  @Override
  public void close() {
    heart.shutdown();
    try {
      heart.awaitTermination(lease.beat().toMillis(), TimeUnit.MILLISECONDS);
      fileSystem.delete(path, false);
      removeIfEmpty(path.getParent());
      removeIfEmpty(root);
    } catch (IOException e) {
      LOG.warn("lock: the claim on {} could not be removed: {}", hidden(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeIfEmpty(Path folder) throws IOException {
    if (fileSystem.exists(folder) && fileSystem.listStatus(folder).length == 0) {
      fileSystem.delete(folder, false);
    }
  }
}
