package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder's files by their names, and what is said where there are none. */
class FolderTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path root;
  private Folder folder;

  private record Content(String name, List<Integer> numbers) {}

  @BeforeEach
  void folder() {
    folder = Folder.at(root.toString(), hadoop);
  }

  @Test
  void whatIsWrittenIsKnownBySizeAndHash() throws IOException {
    FileRecord record = folder.write("a/b.txt", "für alle");
    assertThat(record)
        .isEqualTo(new FileRecord("a/b.txt", 9, DigestUtils.sha256Hex("für alle"), null));
    assertThat(root.resolve("a/b.txt")).hasContent("für alle");
    assertThat(root.resolve("a").toFile().list()).containsExactly("b.txt");
    assertThat(new String(folder.bytes("a/b.txt"), StandardCharsets.UTF_8)).isEqualTo("für alle");
    assertThat(folder.hasSize("a/b.txt", 9)).isTrue();
    assertThat(folder.hasSize("a/b.txt", 8)).isFalse();
    assertThat(folder.hasSize("a/c.txt", 0)).isFalse();
  }

  @Test
  void aFolderThatIsNotThereIsEmpty() {
    Folder none = Folder.at(root.resolve("none").toString(), hadoop);
    assertThat(none.names()).isEmpty();
    assertThat(none.has("")).isFalse();
    assertThat(none.files("")).isEmpty();
    assertThat(none.files("a")).isEmpty();
  }

  @Test
  void filesAreListedAtAnyDepthByPath() {
    folder.write("b/y", "1");
    folder.write("b/x/z", "22");
    folder.write("a", "333");
    assertThat(folder.files(""))
        .containsExactly(
            new Folder.Present("a", 3),
            new Folder.Present("b/x/z", 2),
            new Folder.Present("b/y", 1));
    assertThat(folder.files("b/y")).containsExactly(new Folder.Present("b/y", 1));
    assertThat(folder.names()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void jsonIsReadAsItWasWritten() {
    Content content = new Content("a", List.of(1, 2));
    folder.write("a.json", Json.text(content));
    assertThat(folder.json("a.json", Content.class)).isEqualTo(content);
    folder.write("a.json", "{\"name\": ");
    assertThatThrownBy(() -> folder.json("a.json", Content.class))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read file:%s/a.json: it is not the JSON that was written there. Restore it, or make it anew."
                .formatted(root));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> folder.bytes("a.txt"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read file:" + root + "/a.txt: it is not there.");
    assertThatThrownBy(() -> folder.copy(root + "/a.txt", "b.txt"))
        .hasMessageStartingWith("Cannot write file:" + root + "/b.txt: ");
  }

  @Test
  void aFileSystemThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Folder.at("nowhere://host/a", hadoop))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot open 'nowhere://host/a': ");
    assertThatThrownBy(() -> Folder.at("", hadoop))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot open '': ");
  }

  @Test
  void filesTakeThePlaceOfThoseBeforeAndOfNoOthers() {
    folder.write("old/a", "1");
    folder.write("old/b", "2");
    folder.write("draft/old/a", "3");
    folder.write("draft/old/c/d", "4");
    OwnFiles files = new OwnFiles(folder);
    assertThatThrownBy(
            () -> files.replace("draft", "old", List.of("old/b"), List.of("old/a", "old/c/d")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("/old/a is there, and was not written by this program.");
    assertThat(folder.bytes("old/b")).asString().isEqualTo("2");
    files.replace("draft", "old", List.of("old/a"), List.of("old/a", "old/c/d"));
    assertThat(folder.paths("")).containsExactly("old/a", "old/b", "old/c/d");
    assertThat(folder.bytes("old/a")).asString().isEqualTo("3");
    files.delete(List.of("old/a", "old/c/d", "old/none", "none"));
    assertThat(folder.paths("")).containsExactly("old/b");
    assertThat(folder.has("old/c")).isFalse();
    files.delete(List.of("old/b"));
    assertThat(folder.has("old")).isFalse();
    assertThatThrownBy(() -> folder.move("draft/none", "new"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write file:" + root + "/new: ");
  }

  @Test
  void aFileIsReplacedWithoutATrace() {
    folder.replace("a.json", ".draft", "old");
    folder.replace("a.json", ".draft", "new");
    assertThat(root.resolve("a.json")).hasContent("new");
    assertThat(root.toFile().list()).containsExactly("a.json");
  }

  @Test
  void whatIsCopiedIsHashed() throws IOException {
    Path from = Files.writeString(root.resolve("from"), "content");
    assertThat(folder.copy(from.toUri().toString(), "to/there"))
        .isEqualTo(new FileRecord("to/there", 7, DigestUtils.sha256Hex("content"), null));
    assertThat(root.resolve("to/there")).hasContent("content");
  }

  @Test
  void whatIsDeletedIsGoneAndWhatIsNotThereMayBeDeleted() {
    folder.write("a/b", "1");
    folder.delete("a");
    folder.delete("a");
    assertThat(root.toFile().list()).isEmpty();
    folder.makeFolder("a/b/c");
    assertThat(root.resolve("a/b/c")).isDirectory();
  }

  @Test
  void aTableIsReadWhateverItsNameHolds() {
    StructType schema = new StructType().add("n", DataTypes.LongType, false);
    List<Row> rows = List.of(RowFactory.create(1L), RowFactory.create(2L));
    for (String name : List.of("plain.parquet", "a [1]{b,c}*?.parquet")) {
      FileRecord record = folder.writeTable(name, rows.iterator(), schema);
      assertThat(record.path()).isEqualTo(name);
      assertThat(record.rows()).isEqualTo(2);
      assertThat(folder.table(TestSpark.session(), name).collectAsList())
          .containsExactlyElementsOf(rows);
    }
  }

  @Test
  void aRootIsAFolderToo() throws IOException {
    Files.writeString(root.resolve("a.txt"), "abc");
    String path = root.resolve("a.txt").toString().substring(1);
    assertThat(Folder.at("file:///", hadoop).files(path))
        .containsExactly(new Folder.Present(path, 3));
  }
}
