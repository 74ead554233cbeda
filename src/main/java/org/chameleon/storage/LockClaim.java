package org.chameleon.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What a process says of itself while it writes a folder: the content of a claim.
 *
 * @param host name of the machine or container
 * @param machine tells a machine and its space of process numbers from all others
 * @param pid of the process there
 * @param processStarted tells it from another process with this number
 * @param since when the claim was made, UTC
 * @param holding whether it has found itself alone
 * @param beat counts the refreshments
 */
record LockClaim(
    String host,
    String machine,
    long pid,
    String processStarted,
    String since,
    boolean holding,
    long beat) {

  /**
   * What is taken of a claim that says nothing: it is being written, or who wrote it was cut off.
   *
   * @param modified when it was last written, by the clock of the store, in milliseconds
   */
  static LockClaim unreadable(long modified) {
    String since = Instant.ofEpochMilli(modified).toString();
    return new LockClaim("an unknown host", "", 0, "", since, false, modified);
  }

  /** Returns whether nothing is known but when it was written, which {@code beat} then is. */
  boolean isUnreadable() {
    return machine.isEmpty();
  }

  static LockClaim ofThisProcess() {
    ProcessHandle self = ProcessHandle.current();
    String host = hostName();
    String now = Instant.now().toString();
    return new LockClaim(host, machine(host), self.pid(), started(self), now, false, 0);
  }

  LockClaim next(boolean nowHolding) {
    return new LockClaim(host, machine, pid, processStarted, since, nowHolding, beat + 1);
  }

  boolean isLocal() {
    return machine.equals(machine(hostName()));
  }

  boolean isAlive() {
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
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
      return boot.strip() + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return host;
    }
  }

  @Override
  public String toString() {
    return "process %d on %s, since %s".formatted(pid, host, since);
  }
}
