package org.chameleon.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Locks that count among all processes of a host and among the threads of this one, and that the
 * system takes back from a process that ends. Each is one byte of a file that is never read.
 *
 * <p>The file stays open: a system may drop all of a process's locks on a file as soon as the
 * process closes it anywhere. Waiting is asking again, since a thread that is interrupted while the
 * system makes it wait closes the file for all.
 */
final class HostLocks {
  private static final long ASKED_AGAIN_MILLIS = 50;

  private final Path file;
  private final Map<Long, Lock> locks = new HashMap<>();
  private FileChannel channel;

  /** A lock of this process, and how many of its threads have it. */
  private static final class Lock {
    private final FileLock ofProcess;
    private int holders = 1;

    Lock(FileLock ofProcess) {
      this.ofProcess = ofProcess;
    }
  }

  /** A lock, until it is closed. */
  @FunctionalInterface
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Keeps the locks in a file, which is made at first use. */
  HostLocks(Path file) {
    this.file = file;
  }

  /** Waits until nobody has a key for himself, and keeps it so. */
  Held shared(long key) throws IOException {
    return await(key, true);
  }

  /** Waits until nobody has a key, and has it alone. */
  Held alone(long key) throws IOException {
    return await(key, false);
  }

  /** Returns a key for this thread alone, if nobody has it. */
  Optional<Held> aloneIfFree(long key) throws IOException {
    return ask(key, false);
  }

  /** Returns a key for this thread alone, if nobody has it or gives it back in a moment. */
  Optional<Held> aloneSoon(long key) throws IOException {
    Optional<Held> held = ask(key, false);
    if (held.isEmpty()) {
      pause();
      held = ask(key, false);
    }
    return held;
  }

  private Held await(long key, boolean shared) throws IOException {
    Optional<Held> held = ask(key, shared);
    while (held.isEmpty()) {
      pause();
      held = ask(key, shared);
    }
    return held.get();
  }

  private void pause() throws InterruptedIOException {
    try {
      Thread.sleep(ASKED_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + file);
    }
  }

  private synchronized Optional<Held> ask(long key, boolean shared) throws IOException {
    Lock lock = locks.get(key);
    if (lock == null) {
      FileLock ofProcess = ofProcess(key, shared);
      if (ofProcess == null) {
        return Optional.empty();
      }
      locks.put(key, new Lock(ofProcess));
    } else if (shared && lock.ofProcess.isShared()) {
      lock.holders++;
    } else {
      return Optional.empty();
    }
    return Optional.of(() -> giveBack(key));
  }

  private FileLock ofProcess(long key, boolean shared) throws IOException {
    if (channel == null || !Files.exists(file)) {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    try {
      return channel.tryLock(key, 1, shared);
    } catch (OverlappingFileLockException e) {
      return null; // Another class loader of this process has it.
    }
  }

  private synchronized void giveBack(long key) {
    Lock lock = locks.get(key);
    lock.holders--;
    if (lock.holders == 0) {
      locks.remove(key);
      try {
        lock.ofProcess.release();
      } catch (IOException e) {
        throw new IllegalStateException("Cannot unlock " + file, e);
      }
    }
  }
}
