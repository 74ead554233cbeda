package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files a path names, and what becomes of those that lie beside them. */
class CorpusFilesTest extends CorpusFixture {
  private static final String LINE = "{\"domain\": \"a\", \"text\": \"one\"}\n";

  private void line(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    write(name, LINE);
  }

  private List<String> names(String glob) {
    return open(config(glob)).files().stream()
        .map(
            file ->
                java.net.URI.create(file.path().replaceAll("[^A-Za-z0-9/:._=~-]", "-")).getPath())
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .toList();
  }

  private CorpusConfig skipping(String path) {
    return new CorpusConfig(
        List.of(path(path)),
        Map.of(),
        "source",
        "text",
        Optional.empty(),
        BadRows.SKIP,
        31,
        HeldOutConfig.OFF,
        List.of(),
        Map.of());
  }

  private CorpusConfig bySource(String path) {
    return new CorpusConfig(
        List.of(path(path)),
        Map.of(),
        "source",
        "text",
        Optional.empty(),
        BadRows.FAIL,
        31,
        HeldOutConfig.OFF,
        List.of(),
        Map.of());
  }

  @Test
  void endingsAreReadInAnyCaseAndWithTheCodecBehindThem() {
    assertThat(FileFormat.of("DATA.PARQUET")).contains(FileFormat.PARQUET);
    assertThat(FileFormat.of("df.parquet.gzip")).contains(FileFormat.PARQUET);
    assertThat(FileFormat.of("x.snappy.parquet")).contains(FileFormat.PARQUET);
    assertThat(FileFormat.of("x.JSONL.GZ")).contains(FileFormat.JSON_GZIP);
    assertThat(FileFormat.of("x.json.zstd")).contains(FileFormat.JSON_ZSTD);
    assertThat(FileFormat.of("x.parquet.tmp")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "**/*.jsonl | 4",
        "**/x/*.jsonl | 2",
        "x/**/*.jsonl | 3",
        "** | 4",
        "x/** | 3",
        "*/*.jsonl | 1",
        "{a,x/b}.jsonl | 2",
        "x/[b].jsonl | 1",
        "x/?.jsonl | 1"
      })
  void starsMatchAsPeopleExpect(String glob, int files) throws IOException {
    for (String name : List.of("a", "x/b", "x/y/c", "x/y/x/d")) {
      line("data/" + name + ".jsonl");
    }
    line("data/.hidden/e.jsonl");
    line("data/_temporary/f.jsonl");
    assertThat(names("data/" + glob)).hasSize(files);
  }

  @Test
  void aPathThatIsThereIsNoPattern() throws IOException {
    line("out [1] {a}/x*?.jsonl");
    line("out [1] {a}/xyz.jsonl");
    assertThat(names("out [1] {a}")).hasSize(2);
    assertThat(names("out [1] {a}/x*?.jsonl")).hasSize(1);
    assertThat(names("out [1] {a}/*.jsonl")).hasSize(2);
    assertThat(names("out [1] {a}/{xy,no}*.jsonl")).containsExactly("xyz.jsonl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"part-12:30:00.jsonl", "a:b.jsonl", "-:.jsonl"})
  void aNameMayHaveAColon(String name) throws IOException {
    line("data/" + name);
    for (String path : List.of("data", "data/*.jsonl", "data/" + name, "**/" + name)) {
      Corpus corpus = open(config(path));
      assertThat(corpus.domains().get("a").rows()).isEqualTo(1);
      assertThat(read(corpus, Map.of("a", new long[] {0}))).hasSize(1);
    }
  }

  @Test
  void aChecksumBesideAFileIsNotItsOwn() throws IOException {
    parquet(List.of(RowFactory.create("a", "one")), TEXT, "x", Map.of());
    try (var files = Files.list(folder.resolve("x"))) {
      for (Path crc : files.filter(f -> f.toString().endsWith(".parquet.crc")).toList()) {
        Files.write(crc, new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});
      }
    }
    Corpus corpus = open(config("x"));
    assertThat(read(corpus, Map.of("a", new long[] {0}))).hasSize(1);
  }

  @Test
  void aLinkToNothingIsRefused() throws IOException {
    line("data/a.jsonl");
    Files.createSymbolicLink(folder.resolve("data/b.jsonl"), folder.resolve("gone.jsonl"));
    for (String path : List.of("data", "data/*.jsonl", "data/b.jsonl")) {
      assertThatThrownBy(() -> open(config(path)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("data/b.jsonl: it is a link to")
          .hasMessageContaining("gone.jsonl, where nothing is");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data/*"})
  void aLinkToNothingIsLeftOutIfItIsNamedAsWhatLiesBesideData(String path) throws IOException {
    line("data/a.jsonl");
    Files.createSymbolicLink(folder.resolve("data/notes.md"), folder.resolve("gone.md"));
    assertThat(leftOut(path)).containsExactly("notes.md: a link to nothing");
    Files.createSymbolicLink(folder.resolve("data/CC-2023.06"), folder.resolve("gone"));
    assertThatThrownBy(() -> open(config(path)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "data/CC-2023.06: it is a link to " + folder + "/gone, where nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data/*", "data/**", "data/{a.jsonl,*.parquet}"})
  void dataThatIsHiddenByItsNameIsSaidToBe(String path) throws IOException {
    line("data/a.jsonl");
    Files.writeString(folder.resolve("data/_wiki.parquet"), "x");
    Files.writeString(folder.resolve("data/_SUCCESS"), "x");
    assertThat(leftOut(path)).containsExactly("_wiki.parquet: its name makes it hidden");
  }

  /** Returns names and reasons. */
  private List<String> leftOut(String path) {
    return open(config(path)).leftOut().stream()
        .map(file -> file.path().replaceAll(".*/", "") + ": " + file.reason())
        .toList();
  }

  @Test
  void aFileThatIsNamedIsReadWhateverItsEnding() throws IOException {
    line("data/_part-0");
    assertThat(names("data/_part-0")).containsExactly("_part-0");
    Files.writeString(folder.resolve("notes.txt"), "words");
    assertThatThrownBy(() -> open(config("notes.txt")))
        .hasMessageContaining("notes.txt: it is neither Parquet nor JSON lines");
    Files.writeString(folder.resolve("lfs"), "version https://git-lfs.github.com/spec/v1\n");
    assertThatThrownBy(() -> open(config("lfs"))).hasMessageContaining("a Git LFS pointer");
    Files.writeString(folder.resolve("array"), "[{\"domain\": \"a\", \"text\": \"one\"}]");
    assertThatThrownBy(() -> open(config("array")))
        .hasMessageContaining("array: it is neither Parquet nor JSON lines, but a JSON array.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b.csv",
        "b.arrow",
        "b.parquet.tmp",
        "b.jsonl.bz2",
        "part-00001",
        "b.jsonl.part",
        "b.TXT"
      })
  void dataThatCannotBeReadIsRefused(String name) throws IOException {
    line("data/a.jsonl");
    Files.writeString(folder.resolve("data/" + name), "x");
    for (String path : List.of("data", "data/*")) {
      assertThatThrownBy(() -> open(config(path)))
          .hasMessageContaining("data/" + name + " looks like data")
          .hasMessageContaining("such as " + folder + "/data/*.parquet");
    }
    assertThat(names("data/*.jsonl")).containsExactly("a.jsonl");
  }

  @Test
  void whatIsLeftOutIsNamed() throws IOException {
    line("data/a.jsonl");
    write("data/none.jsonl", "\n");
    for (String name : List.of("README.md", "LICENSE", "a.jsonl.md5", "empty.csv")) {
      Files.writeString(folder.resolve("data/" + name), name.startsWith("empty") ? "" : "x");
    }
    Files.writeString(folder.resolve("data/_SUCCESS"), "");
    assertThat(leftOut("data"))
        .containsExactly(
            "LICENSE: its ending is of no format",
            "README.md: its ending is of no format",
            "a.jsonl.md5: its ending is of no format",
            "empty.csv: empty",
            "none.jsonl: it has no rows");
    assertThat(open(config("data")).domains().get("a").sources()).hasSize(1);
  }

  @Test
  void aDomainOfNullIsNone() throws IOException {
    line("data/source=web/x.jsonl");
    line("data/source=__HIVE_DEFAULT_PARTITION__/x.jsonl");
    assertThatThrownBy(() -> open(bySource("data")))
        .hasMessageContaining("Cannot tell the domain of file:")
        .hasMessageContaining("'source' was null when its rows were partitioned")
        .hasMessageContaining("corpus.bad-rows = skip");
    Corpus corpus = open(skipping("data"));
    assertThat(corpus.domains().keySet()).containsExactly("web");
    assertThat(corpus.leftOut())
        .extracting(LeftOut::reason)
        .containsExactly("its rows have no domain");
  }

  @ParameterizedTest
  @CsvSource({
    "a%2Fb, a/b",
    "c%20d, c d",
    "e+f, e+f",
    "%C3%BCber, über",
    "top-10%, top-10%",
    "50%off, 50%off",
    "100%de, 100%de",
    "%, %",
    "%2, %2",
    "a%2525, a%25"
  })
  void aPartitionFolderIsUnescaped(String folderName, String domain) throws IOException {
    assertThat(PartitionFolder.unescaped(folderName)).isEqualTo(domain);
    line("data/_source=" + folderName + "/x.jsonl");
    CorpusConfig config =
        new CorpusConfig(
            List.of(path("data")),
            Map.of(),
            "_source",
            "text",
            Optional.empty(),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF,
            List.of(),
            Map.of());
    assertThat(open(config).domains().keySet()).containsExactly(domain);
  }
}
