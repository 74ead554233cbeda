package org.chameleon.materialize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When shards are seen under their names: not before all are written. */
class ShardCommitTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  @Test
  void nothingIsSeenBeforeTheEndAndNothingOfWhatFailed() throws IOException {
    Path data = folder.resolve("data");
    ShardCommit commit = new ShardCommit(data.toUri().toString());
    commit.start(hadoop);
    commit.task(hadoop, 0, 0, into -> shard(into, "part-00000.jsonl"));
    assertThatThrownBy(
            () ->
                commit.task(
                    hadoop,
                    1,
                    0,
                    into -> {
                      shard(into, "part-00001.jsonl");
                      throw new IOException("out of space");
                    }))
        .hasMessage("out of space");
    assertThat(seen(data)).isEmpty();
    commit.task(hadoop, 1, 1, into -> shard(into, "part-00001.jsonl"));
    assertThat(seen(data)).isEmpty();
    commit.finish(hadoop);
    assertThat(seen(data)).containsExactlyInAnyOrder("part-00000.jsonl", "part-00001.jsonl");
  }

  @Test
  void nothingIsLeftOfAnAbortedJob() throws IOException {
    Path data = folder.resolve("data");
    ShardCommit commit = new ShardCommit(data.toUri().toString());
    commit.start(hadoop);
    commit.task(hadoop, 0, 0, into -> shard(into, "part-00000.jsonl"));
    commit.abort(hadoop);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private Shard shard(org.apache.hadoop.fs.Path into, String name) throws IOException {
    HashedFile file = new HashedFile(new org.apache.hadoop.fs.Path(into, name), hadoop);
    try (var out = file.createOrOverwrite(0)) {
      out.write(new byte[] {'{', '}', '\n'});
    }
    return new Shard(name, file.bytes(), file.sha256(), Map.of());
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
