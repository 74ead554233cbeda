package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found wrong with files, the same here and on executors. */
class VerifierTest {
  private static final String FILE_SYSTEM = "fs.worn.impl";

  @TempDir private Path root;
  private Folder folder;
  private final List<FileRecord> records = new ArrayList<>();

  /** The local file system, on which one file cannot be read. */
  public static final class Worn extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("worn:///");
    }

    @Override
    public String getScheme() {
      return "worn";
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      if (file.getName().equals("unreadable")) {
        throw new IOException("bad block");
      }
      return super.open(file, buffer);
    }
  }

  @BeforeEach
  void files() {
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    hadoop.set(FILE_SYSTEM, Worn.class.getName());
    folder = Folder.at("worn://" + root, hadoop);
    for (int i = 0; i < 11; i++) {
      records.add(folder.write("data/part-" + i, "content " + i));
    }
    records.add(folder.write("notes.txt", "a note"));
  }

  @AfterEach
  void withoutTheFileSystem() {
    TestSpark.session().sparkContext().hadoopConfiguration().unset(FILE_SYSTEM);
  }

  @Test
  void filesAsTheyWereWrittenAreFine() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(root.resolve("data/part-3"));
    Files.delete(root.resolve("notes.txt"));
    assertThat(problems())
        .containsExactly("data/part-3 is missing.", "notes.txt is missing.");
  }

  @Test
  void aTruncatedFileIsNamedWithItsSizes() throws IOException {
    Files.writeString(root.resolve("data/part-3"), "conte");
    assertThat(problems()).containsExactly("data/part-3 has 5 bytes, 9 were written.");
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(root.resolve("data/part-10"));
    bytes[4] ^= 1;
    Files.write(root.resolve("data/part-10"), bytes);
    assertThat(problems())
        .containsExactly("data/part-10 was changed: its SHA-256 is another.");
  }

  @Test
  void aFileThatNobodyWroteIsNamed() throws IOException {
    Files.createDirectories(root.resolve("data/deep"));
    Files.writeString(root.resolve("data/deep/stray"), "x");
    Files.writeString(root.resolve("elsewhere"), "x");
    assertThat(problems()).containsExactly("data/deep/stray was not written by the test.");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    records.add(folder.write("data/unreadable", "x"));
    assertThat(problems()).containsExactly("data/unreadable cannot be read: bad block.");
  }

  @Test
  void severalProblemsAreAllSaid() throws IOException {
    records.add(folder.write("data/unreadable", "x"));
    Files.delete(root.resolve("data/part-0"));
    Files.writeString(root.resolve("data/part-1"), "");
    Files.writeString(root.resolve("data/part-2"), "CONTENT 2");
    Files.writeString(root.resolve("data/zz"), "");
    assertThat(problems())
        .containsExactly(
            "data/part-0 is missing.",
            "data/part-1 has 0 bytes, 9 were written.",
            "data/zz was not written by the test.",
            "data/part-2 was changed: its SHA-256 is another.",
            "data/unreadable cannot be read: bad block.");
  }

  @Test
  void nothingRecordedAndNothingThereIsFine() {
    Folder none = Folder.at(root.resolve("none").toString(), new Configuration());
    assertThat(Verifier.here(none).problems(List.of(), List.of("data"), "by the test")).isEmpty();
  }

  /** Returns what is wrong, which executors find too. */
  private List<String> problems() {
    List<String> places = List.of("data", "notes.txt");
    List<String> here = Verifier.here(folder).problems(records, places, "by the test");
    assertThat(
            Verifier.onExecutors(folder, TestSpark.session())
                .problems(records, places, "by the test"))
        .isEqualTo(here);
    return here;
  }
}
