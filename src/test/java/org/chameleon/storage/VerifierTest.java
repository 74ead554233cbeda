package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  @TempDir private Path folder;

  @Test
  void everyDifferenceIsNamedHereAndOnExecutors() throws IOException {
    Folder stored = Folder.at(folder.toUri().toString(), new Configuration());
    List<FileRecord> files =
        List.of(
            stored.write("data/changed.txt", "abc"),
            stored.write("data/good.txt", "abc"),
            stored.write("data/gone.txt", "abc"),
            stored.write("data/short.txt", "abc"),
            stored.write("single.json", "{}"));
    Verifier here = Verifier.here(stored);
    Verifier executors = Verifier.onExecutors(stored, TestSpark.session());
    List<String> places = List.of("data", "single.json");
    assertThat(here.problems(files, places, "by the test")).isEmpty();
    assertThat(executors.problems(files, places, "by the test")).isEmpty();
    Files.writeString(folder.resolve("data/changed.txt"), "abd");
    Files.delete(folder.resolve("data/gone.txt"));
    Files.writeString(folder.resolve("data/short.txt"), "a");
    Files.writeString(folder.resolve("data/stray.txt"), "");
    Files.writeString(folder.resolve("beside.txt"), "not looked at");
    assertThat(here.problems(files, places, "by the test"))
        .containsExactly(
            "data/gone.txt is missing.",
            "data/short.txt has 1 bytes, 3 were written.",
            "data/stray.txt was not written by the test.",
            "data/changed.txt was changed: its SHA-256 is another.")
        .isEqualTo(executors.problems(files, places, "by the test"));
  }
}
