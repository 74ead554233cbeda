package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.LoginFileSystem;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which inputs lie in what is written, by whatever way they are reached. */
class InputPathsTest {
  private final Configuration hadoop = new Configuration();

  @TempDir private Path folder;

  @BeforeEach
  void aRun() throws IOException {
    Files.createDirectories(folder.resolve("run/sample"));
    Files.createDirectories(folder.resolve("corpus"));
  }

  @Test
  void anInputBehindALinkIntoTheOutputLiesInIt() throws IOException {
    link("link", "run/sample");
    assertRefused(path("run"), path("link"));
    assertRefused(path("run"), path("link/windows/*.parquet"));
    assertRefused("file://" + path("run"), "file:" + path("link/none"));
    link("to-link", "link");
    assertRefused(path("run"), path("to-link/a.jsonl"));
  }

  @Test
  void anOutputBehindALinkIsWhereThatLeads() throws IOException {
    link("alias", "run");
    assertRefused(path("alias"), path("run/sample"));
    assertRefused(path("alias/later"), path("run/later/sample"));
    assertRefused(path("alias"), path("alias/sample"));
  }

  @Test
  void aLinkThatLeadsElsewhereIsNoMatter() throws IOException {
    link("link", "corpus");
    link("alias", "run");
    assertFree(path("run"), path("link/*.parquet"));
    assertFree(path("alias"), path("corpus"));
    assertFree(path("run/sample"), path("alias/*.parquet"));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/run, s3a://bucket/run/sample",
    "s3a://bucket/run, s3://bucket/*/sample",
    "s3n://bucket/run, s3a://bucket/run",
    "abfs://c@account/run, abfss://c@account/run/sample",
    "wasbs://c@account/run, wasb://c@account/run/sample"
  })
  void aStoreIsTheSameUnderAllItsSchemes(String output, String input) {
    knowStores();
    assertRefused(output, input);
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/run, s3a://bucket/corpus",
    "s3://bucket/run, s3a://other/run/sample",
    "s3://bucket/run, gs://bucket/run/sample",
    "abfs://c@account/run, wasb://c@account/run/sample"
  })
  void anotherStoreIsAnother(String output, String input) {
    knowStores();
    assertFree(output, input);
  }

  /** Files of these stores are local ones: no library for them is here. */
  private void knowStores() {
    for (String scheme : List.of("s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs")) {
      hadoop.set("fs." + scheme + ".impl", LoginFileSystem.class.getName());
      hadoop.setBoolean("fs." + scheme + ".impl.disable.cache", true);
    }
  }

  private void link(String name, String to) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), folder.resolve(to));
  }

  private String path(String name) {
    return folder + "/" + name;
  }

  private void require(String output, String input) {
    new InputPaths(Map.of("corpus.path", List.of(input))).requireOutside(Folder.at(output, hadoop));
  }

  private void assertRefused(String output, String input) {
    assertThatThrownBy(() -> require(output, input))
        .as("%s in %s", input, output)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write to ")
        .hasMessageEndingWith(
            "corpus.path is %s, which lies in it. Give another --output, or move the input.",
            input);
  }

  private void assertFree(String output, String input) {
    assertThatCode(() -> require(output, input))
        .as("%s in %s", input, output)
        .doesNotThrowAnyException();
  }
}
