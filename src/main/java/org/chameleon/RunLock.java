package org.chameleon;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one process at a time write a run directory, on any file system that lists what was written
 * before: local, HDFS and the object stores, which can neither rename nor create exclusively.
 *
 * <p>A process writes a claim, a file of its own, and then lists all claims; it holds the lock only
 * if it finds itself alone. Of two that write at once each sees the other, the later name gives
 * way, and the earlier waits for that. A holder refreshes its claim; a claim that does not change
 * for the length of a lease belongs to a process that was killed, and is removed by who waits.
 */
final class RunLock implements AutoCloseable {
  /** The folder of the claims. */
  static final String FOLDER = ".lock";

  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final FileSystem fileSystem;
  private final Path root;
  private final Lease lease;
  private final Path path;
  private final AtomicReference<Claim> claim;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "run-lock");
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

  /**
   * The content of a claim.
   *
   * @param host name of the machine or container
   * @param machine tells a machine and its space of process numbers from all others
   * @param pid of the process there
   * @param processStarted tells it from another process with this number
   * @param since when the claim was made, UTC
   * @param holding whether it has found itself alone
   * @param beat counts the refreshments
   */
  record Claim(
      String host,
      String machine,
      long pid,
      String processStarted,
      String since,
      boolean holding,
      long beat) {

    /** What is taken of a claim while it is being written: it lives, and nothing else is known. */
    private static Claim unfinished() {
      return new Claim("unknown", "", 0, "", "now", false, System.nanoTime());
    }

    private static Claim ofThisProcess() {
      ProcessHandle self = ProcessHandle.current();
      String host = hostName();
      String now = Instant.now().toString();
      return new Claim(host, machine(host), self.pid(), started(self), now, false, 0);
    }

    private Claim next(boolean nowHolding) {
      return new Claim(host, machine, pid, processStarted, since, nowHolding, beat + 1);
    }

    private boolean isLocal() {
      return machine.equals(machine(hostName()));
    }

    private boolean isAlive() {
      return ProcessHandle.of(pid).filter(p -> started(p).equals(processStarted)).isPresent();
    }

    private static String started(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException e) {
        return "unknown";
      }
    }

    /** Hosts and containers may share a name; the kernel's boot and the process space do not. */
    private static String machine(String host) {
      try {
        String boot = Files.readString(java.nio.file.Path.of("/proc/sys/kernel/random/boot_id"));
        return boot.strip()
            + "/"
            + Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid"));
      } catch (IOException | UnsupportedOperationException e) {
        return host;
      }
    }

    @Override
    public String toString() {
      return "process %d on %s, since %s".formatted(pid, host, since);
    }
  }

  private RunLock(FileSystem fileSystem, Path root, Lease lease) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.lease = lease;
    this.claim = new AtomicReference<>(Claim.ofThisProcess());
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
  static RunLock acquire(FileSystem fileSystem, Path root, Lease lease) throws IOException {
    RunLock lock = new RunLock(fileSystem, root, lease);
    try {
      lock.write(lock.claim.get());
      lock.awaitTurn();
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
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
      lost = lost || !fileSystem.exists(path);
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
    Map<Path, Claim> firstSeen = new HashMap<>();
    Map<Path, Instant> seenAt = new HashMap<>();
    Instant beaten = Instant.now();
    while (true) {
      Map<Path, Claim> others = others();
      for (Map.Entry<Path, Claim> entry : others.entrySet()) {
        Claim other = entry.getValue();
        Claim before = firstSeen.putIfAbsent(entry.getKey(), other);
        Instant since = seenAt.computeIfAbsent(entry.getKey(), p -> Instant.now());
        boolean first = entry.getKey().getName().compareTo(path.getName()) < 0;
        boolean changed = before != null && other.beat() != before.beat();
        if (other.isLocal() ? other.isAlive() : changed) {
          if (other.holding() || first) {
            throw new InvalidInputException(
                "Cannot write to %s: another run is writing it (%s). Let it end, or give another --output."
                    .formatted(root, other));
          }
        } else if (other.isLocal() || since.plus(lease.expiry()).isBefore(Instant.now())) {
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

  private void pause() {
    try {
      Thread.sleep(Math.min(500, lease.beat().toMillis() / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidInputException("Cannot write to " + root + ": interrupted.", e);
    }
  }

  private Map<Path, Claim> others() throws IOException {
    Map<Path, Claim> claims = new TreeMap<>();
    for (FileStatus status : fileSystem.listStatus(path.getParent())) {
      if (!status.getPath().getName().equals(path.getName())) {
        try (InputStream in = fileSystem.open(status.getPath())) {
          claims.put(status.getPath(), read(in.readAllBytes(), status.getPath()));
        } catch (FileNotFoundException e) {
          LOG.debug("lock: {} was withdrawn", status.getPath());
        }
      }
    }
    return claims;
  }

  private static Claim read(byte[] text, Path path) {
    try {
      return Json.read(text, Claim.class, path.toString());
    } catch (InvalidInputException e) {
      return Claim.unfinished();
    }
  }

  private void beat() {
    try {
      if (fileSystem.exists(path)) {
        write(claim.updateAndGet(c -> c.next(true)));
      } else {
        lost = true;
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("lock: the claim on {} could not be refreshed: {}", root, e.getMessage());
    }
  }

  private void write(Claim content) throws IOException {
    try (OutputStream out = fileSystem.create(path, true)) {
      out.write(Json.text(content).getBytes(StandardCharsets.UTF_8));
    }
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
      LOG.warn("lock: the claim on {} could not be removed: {}", root, e.getMessage());
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
