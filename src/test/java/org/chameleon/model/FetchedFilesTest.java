package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.chameleon.SlowFileSystem;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchedFilesTest {
  private static final Configuration HADOOP = SlowFileSystem.hadoop();

  @TempDir private Path remote;
  @TempDir private Path folder;
  private Path source;
  private FetchedFiles files;

  @BeforeEach
  void aFile() throws IOException {
    source = file("model.safetensors", "weights");
    files = new FetchedFiles(folder);
  }

  private Path file(String name, String content) throws IOException {
    return Files.write(remote.resolve(name), content.repeat(1000).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void threadsAndProcessesThatWantAFileAtOnceFetchItOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (FetchingProcess process = FetchingProcess.start(folder, "slow://" + source)) {
      process.take();
      // Two of one process, and one that does not know of them: of another class loader.
      FetchedFiles others = new FetchedFiles(folder);
      List<Future<Path>> taken = new ArrayList<>();
      for (FetchedFiles by : List.of(files, files, others)) {
        taken.add(threads.submit(() -> taken(by, source)));
      }
      Path path = process.taken();
      assertThat(path).hasSameBinaryContentAs(source);
      assertThat(taken.get(0).get()).isEqualTo(path);
      assertThat(taken.get(1).get()).isEqualTo(path);
      process.kill();
      assertThat(taken.get(2).get()).isEqualTo(path);
    } finally {
      threads.shutdownNow();
    }
    assertThat(SlowFileSystem.opened(source)).isEqualTo(1);
    assertThat(names()).hasSize(1);
    assertThat(taken(files, source)).hasSameBinaryContentAs(source);
    assertThat(SlowFileSystem.opened(source)).isEqualTo(1);
  }

  @Test
  void aFileIsForItsUserAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(taken(files, source))))
        .isEqualTo("rw-------");
  }

  @Test
  void aSourceThatHasChangedIsFetchedAgain() throws IOException {
    taken(files, source);
    file("model.safetensors", "weightS");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(10)));
    assertThat(taken(files, source)).hasSameBinaryContentAs(source);
    assertThat(SlowFileSystem.opened(source)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"connection reset, connection reset", "silently, ended after 3500 of 7000 bytes"})
  void aFileThatIsCutOffIsNotUsedAndLeavesNothing(String how, String message) throws IOException {
    SlowFileSystem.cutOff(source, how);
    assertThatThrownBy(() -> taken(files, source))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThat(names()).isEmpty();
    SlowFileSystem.mend(source);
    assertThat(taken(files, source)).hasSameBinaryContentAs(source);
  }

  @Test
  void whatAProcessLeftHalfFetchedIsNotUsedAndGoes() throws Exception {
    try (FetchingProcess process = FetchingProcess.start(folder, "slow://" + source)) {
      process.take();
      while (SlowFileSystem.opened(source) == 0) {
        Thread.sleep(10);
      }
      process.kill();
    }
    assertThat(names()).singleElement().asString().endsWith(".part");
    assertThat(taken(files, source)).hasSameBinaryContentAs(source);
    assertThat(names()).singleElement().asString().endsWith(".copy");
  }

  @ParameterizedTest
  @CsvSource({"another byte", "another length"})
  void aFileThatWasDamagedHereIsFetchedAgain(String damage) throws IOException {
    Path copy = taken(files, source);
    byte[] content = Files.readAllBytes(copy);
    content[100]++;
    Files.write(copy, damage.equals("another byte") ? content : new byte[3]);
    assertThat(taken(files, source)).hasSameBinaryContentAs(source);
    assertThat(SlowFileSystem.opened(source)).isEqualTo(2);
    assertThat(names()).hasSize(1);
  }

  @Test
  void whatNobodyHasTakenForADayGoesUnlessSomebodyHoldsIt() throws Exception {
    Path other = file("other.safetensors", "others");
    try (FetchingProcess process = FetchingProcess.start(folder, "slow://" + source)) {
      process.take();
      Path held = process.taken();
      age(held, Duration.ofHours(25));
      Path copy = taken(files, other);
      age(copy, Duration.ofHours(23));
      taken(files, file("a", "a"));
      assertThat(held).exists();
      assertThat(copy).exists();
      process.kill();
      age(held, Duration.ofHours(25));
      taken(files, file("b", "b"));
      assertThat(held).doesNotExist();
      assertThat(copy).exists();
    }
  }

  @Test
  void takingAFileKeepsItForAnotherDay() throws IOException {
    Path copy = taken(files, source);
    age(copy, Duration.ofDays(3));
    assertThat(taken(files, source)).isEqualTo(copy);
    taken(files, file("a", "a"));
    assertThat(copy).exists();
    assertThat(SlowFileSystem.opened(source)).isEqualTo(1);
  }

  @Test
  void whatWasNotTakenForLongestMakesRoomWhereNobodyHoldsIt() throws IOException {
    // Three copies of 7000 bytes fill half of a disk of 42000.
    FetchedFiles small = new FetchedFiles(folder, () -> 42_000 - 7000 * copies());
    List<Path> copies = new ArrayList<>();
    for (String name : List.of("first", "second", "third")) {
      copies.add(taken(small, file(name, "weights")));
      age(copies.get(copies.size() - 1), Duration.ofHours(4 - copies.size()));
    }
    assertThat(copies).allSatisfy(copy -> assertThat(copy).exists());
    FetchedFiles.Held first = small.take(uri(remote.resolve("first")), fileSystem());
    age(first.path(), Duration.ofHours(4));
    copies.add(taken(small, file("fourth", "weights")));
    assertThat(copies.get(1)).doesNotExist();
    assertThat(List.of(copies.get(0), copies.get(2), copies.get(3)))
        .allSatisfy(copy -> assertThat(copy).exists());
    first.close();
    // One that fills more than half has to have all of it.
    copies.add(taken(small, file("fifth", "weights".repeat(4))));
    assertThat(copies.subList(0, 4)).allSatisfy(copy -> assertThat(copy).doesNotExist());
    assertThat(copies.get(4)).exists();
  }

  @Test
  void aFileThatTheDiskHasNoRoomForIsRefused() {
    FetchedFiles full = new FetchedFiles(folder, () -> 6999);
    assertThatThrownBy(() -> taken(full, source))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot copy slow:%s to %s: it has 7000 bytes, and 6999 are free there. Free some, or"
                + " set DJL_CACHE_DIR to a folder on another disk.",
            source, folder);
  }

  private long copies() throws IOException {
    return names().size();
  }

  private static org.apache.hadoop.fs.Path uri(Path source) {
    return new org.apache.hadoop.fs.Path("slow://" + source);
  }

  private static FileSystem fileSystem() throws IOException {
    return FileSystem.get(URI.create("slow:///"), HADOOP);
  }

  private static Path taken(FetchedFiles files, Path source) throws IOException {
    try (FetchedFiles.Held held = files.take(uri(source), fileSystem())) {
      return held.path();
    }
  }

  private static void age(Path copy, Duration by) throws IOException {
    Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minus(by)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("lock"))
          .sorted()
          .toList();
    }
  }
}
