package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When parts are seen under their names: not before all are written. */
class PartCommitTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  @Test
  void nothingIsSeenBeforeTheEndAndNothingOfWhatFailed() throws IOException {
    Path data = folder.resolve("data");
    PartCommit commit = new PartCommit(data.toUri().toString());
    commit.start(hadoop);
    commit.task(hadoop, 0, 0, into -> part(into, "part-00000.jsonl"));
    assertThatThrownBy(
            () ->
                commit.task(
                    hadoop,
                    1,
                    0,
                    into -> {
                      part(into, "part-00001.jsonl");
                      throw new IOException("out of space");
                    }))
        .hasMessage("out of space");
    assertThat(seen(data)).isEmpty();
    commit.task(hadoop, 1, 1, into -> part(into, "part-00001.jsonl"));
    assertThat(seen(data)).isEmpty();
    commit.finish(hadoop);
    assertThat(seen(data)).containsExactlyInAnyOrder("part-00000.jsonl", "part-00001.jsonl");
  }

  /**
   * The task of an executor that was given up still runs; the one that replaces it, in a new
   * attempt of the stage, has its attempt number, and has written and committed when the first
   * fails or ends.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAttemptThatWasReplacedTakesNothingFromTheOther(boolean fails) throws IOException {
    Path data = folder.resolve("data");
    PartCommit commit = new PartCommit(data.toUri().toString());
    commit.start(hadoop);
    FileRecord[] replacing = new FileRecord[1];
    Callable<FileRecord> zombie =
        () ->
            commit.task(
                hadoop,
                0,
                17,
                into -> {
                  FileRecord written = part(into, "part-00000.jsonl");
                  replacing[0] =
                      commit.task(hadoop, 0, 18, other -> part(other, "part-00000.jsonl"));
                  if (fails) {
                    throw new IOException("executor lost");
                  }
                  return written;
                });
    if (fails) {
      assertThatThrownBy(zombie::call).hasMessage("executor lost");
    } else {
      assertThatCode(zombie::call).doesNotThrowAnyException();
    }
    commit.finish(hadoop);
    assertThat(seen(data)).containsExactly("part-00000.jsonl");
    commit.requireThere(replacing[0], hadoop);
  }

  @Test
  void aPartThatIsNotThereIsSaid() throws IOException {
    Path data = folder.resolve("data");
    PartCommit commit = new PartCommit(data.toUri().toString());
    commit.start(hadoop);
    FileRecord part = commit.task(hadoop, 0, 0, into -> part(into, "part-00000.jsonl"));
    commit.finish(hadoop);
    Files.write(data.resolve("part-00000.jsonl"), new byte[1]);
    assertThatThrownBy(() -> commit.requireThere(part, hadoop))
        .hasMessageContaining("part-00000.jsonl has 1 bytes, 3 were written");
    Files.delete(data.resolve("part-00000.jsonl"));
    assertThatThrownBy(() -> commit.requireThere(part, hadoop)).isInstanceOf(IOException.class);
  }

  @Test
  void nothingIsLeftOfAnAbortedJob() throws IOException {
    Path data = folder.resolve("data");
    PartCommit commit = new PartCommit(data.toUri().toString());
    commit.start(hadoop);
    commit.task(hadoop, 0, 0, into -> part(into, "part-00000.jsonl"));
    commit.abort(hadoop);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private FileRecord part(org.apache.hadoop.fs.Path into, String name) throws IOException {
    HashedFile file = HashedFile.create(new org.apache.hadoop.fs.Path(into, name), hadoop);
    try (file) {
      file.write(new byte[] {'{', '}', '\n'});
    }
    return file.record(1L);
  }

  private static String[] seen(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .toArray(String[]::new);
    }
  }
}
