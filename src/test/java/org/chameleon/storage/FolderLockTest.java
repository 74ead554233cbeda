package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.FolderLock.Lease;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process at a time writes a run directory. */
class FolderLockTest {
  private static final Lease SHORT = new Lease(Duration.ofMillis(50), Duration.ofMillis(600));

  @TempDir private java.nio.file.Path folder;
  private FileSystem local;
  private java.nio.file.Path claims;

  @BeforeEach
  void open() throws IOException {
    local = FileSystem.getLocal(new Configuration());
    claims = folder.resolve("run/.lock");
  }

  @Test
  void aSecondProcessIsRefusedUntilTheFirstHasEnded() throws IOException {
    FolderLock first = acquire();
    assertThatThrownBy(this::acquire)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another run is writing it (process " + ProcessHandle.current().pid())
        .hasMessageContaining("give another --output");
    first.requireHeld();
    first.close();
    assertThat(folder.resolve("run")).doesNotExist();
    acquire().close();
  }

  @Test
  void ofManyAtOnceExactlyOneWins() throws Exception {
    int contenders = 8;
    CountDownLatch start = new CountDownLatch(contenders);
    ExecutorService threads = Executors.newFixedThreadPool(contenders);
    List<Future<FolderLock>> results = new ArrayList<>();
    for (int i = 0; i < contenders; i++) {
      results.add(
          threads.submit(
              () -> {
                start.countDown();
                start.await();
                return acquire();
              }));
    }
    List<FolderLock> winners = new ArrayList<>();
    for (Future<FolderLock> result : results) {
      try {
        winners.add(result.get());
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e.getCause()).hasMessageContaining("another run is writing it");
      }
    }
    threads.shutdown();
    assertThat(winners).hasSize(1);
    winners.get(0).close();
  }

  @Test
  void theClaimOfAProcessThatIsGoneFromThisMachineIsRemovedAtOnce() throws IOException {
    FolderLock template = acquire();
    LockClaim mine = Json.read(Files.readAllBytes(onlyClaim()), LockClaim.class, "");
    template.close();
    leave(
        new LockClaim(mine.host(), mine.machine(), mine.pid(), "long ago", mine.since(), true, 7));
    acquire().close();
  }

  @Test
  void aClaimFromElsewhereThatIsRefreshedIsRespected() throws Exception {
    Thread other =
        new Thread(
            () -> {
              for (int beat = 0; !Thread.currentThread().isInterrupted(); beat++) {
                leave(elsewhere(beat));
              }
            });
    leave(elsewhere(-1));
    other.start();
    assertThatThrownBy(this::acquire).hasMessageContaining("process 5 on far, since then");
    other.interrupt();
    other.join();
  }

  @Test
  void aClaimFromElsewhereThatIsNotRefreshedExpires() throws IOException {
    leave(elsewhere(3));
    long start = System.nanoTime();
    acquire().close();
    assertThat(System.nanoTime() - start).isGreaterThan(SHORT.expiry().toNanos());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{}"})
  void aClaimThatSaysNothingIsAsOldAsTheStoreSays(String text) throws IOException {
    java.nio.file.Path claim = Files.createDirectories(claims).resolve("0-other");
    Files.writeString(claim, text);
    Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minusSeconds(3600)));
    long start = System.nanoTime();
    acquire().close();
    assertThat(System.nanoTime() - start).isLessThan(SHORT.expiry().toNanos());
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aClaimThatIsJustBeingWrittenIsWaitedFor() throws IOException {
    Files.writeString(Files.createDirectories(claims).resolve("0-other"), "");
    long start = System.nanoTime();
    acquire().close();
    assertThat(System.nanoTime() - start).isGreaterThan(SHORT.expiry().toNanos() / 2);
  }

  @Test
  void aClaimThatBecomesReadableIsRespected() throws Exception {
    Files.writeString(Files.createDirectories(claims).resolve("0-other"), "");
    Thread other =
        new Thread(
            () -> {
              for (int beat = 0; !Thread.currentThread().isInterrupted(); beat++) {
                leave(elsewhere(beat));
              }
            });
    other.start();
    assertThatThrownBy(this::acquire).hasMessageContaining("process 5 on far, since then");
    other.interrupt();
    other.join();
  }

  @Test
  void whoWasTakenOverMayNotGoOn() throws IOException {
    FolderLock silent = acquire();
    Files.delete(onlyClaim());
    assertThatThrownBy(silent::requireHeld)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another run has taken it over");
    silent.close();
  }

  private FolderLock acquire() throws IOException {
    return FolderLock.acquire(local, new Path(folder.resolve("run").toString()), SHORT);
  }

  private java.nio.file.Path onlyClaim() {
    return claims.resolve(
        java.util.Arrays.stream(claims.toFile().list())
            .filter(name -> !name.startsWith("."))
            .findFirst()
            .orElseThrow());
  }

  private static LockClaim elsewhere(long beat) {
    return new LockClaim("far", "far away", 5, "", "then", true, beat);
  }

  private void leave(LockClaim claim) {
    try {
      Files.createDirectories(claims);
      java.nio.file.Path draft = folder.resolve("draft");
      Files.writeString(draft, Json.text(claim));
      Files.move(draft, claims.resolve("0-other"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
