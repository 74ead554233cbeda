package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A run, broken in some way, and what a command says of it. */
class MalformedFixture {
  private static final StructType SAMPLES =
      new StructType()
          .add("domain", DataTypes.StringType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  @TempDir private static Path shared;

  @TempDir private Path folder;

  /**
   * What is done to a folder with a run in {@code run} and its configuration in {@code run.conf}.
   */
  @FunctionalInterface
  interface Damage {
    void to(Path folder) throws IOException;
  }

  /**
   * A case.
   *
   * @param what is broken
   * @param command in which {@code DIR} is the folder
   */
  record Case(String what, Damage damage, String command, int code, String message) {
    @Override
    public String toString() {
      return what + ": " + command;
    }
  }

  @BeforeAll
  static void aRun() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      rows.add(RowFactory.create("d" + i % 3, List.of(1f + i, (float) (i * i % 7), 3f - i % 2)));
    }
    TestSpark.session()
        .createDataFrame(rows, SAMPLES)
        .coalesce(1)
        .write()
        .parquet(shared.resolve("samples").toString());
    Files.writeString(shared.resolve("run.conf"), configuration(""));
    Outcome run = Outcome.of("run", "--config", shared + "/run.conf", "--output", shared + "/run");
    assertThat(run.code()).as(run.err()).isZero();
  }

  static String configuration(String more) {
    return "chameleon { embedding.from = \"%s/samples/*.parquet\", plan.exports = []\n%s\n}"
        .formatted(shared, more);
  }

  static Damage write(String name, String text) {
    return folder -> Files.writeString(folder.resolve(name), text);
  }

  static Damage write(String name, byte[] bytes) {
    return folder -> Files.write(folder.resolve(name), bytes);
  }

  static Damage cut(String name) {
    return folder -> {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      Files.write(folder.resolve(name), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    };
  }

  static Damage delete(String name) {
    return folder -> Files.delete(folder.resolve(name));
  }

  static Damage edit(String name, String old, String replacement) {
    return folder -> {
      String text = Files.readString(folder.resolve(name));
      assertThat(text).containsPattern(old);
      Files.writeString(folder.resolve(name), text.replaceFirst(old, replacement));
    };
  }

  static Damage stage(String stage, String field, String value) {
    return edit(
        "run/run.json",
        "(?s)(\"stages\" : \\{.*?\"" + stage + "\" : \\{.*?\"" + field + "\" : )\"\\w+\"",
        "$1" + value);
  }

  static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Breaks a copy of the run; the command must say so in a line, and leave with its code. */
  void check(Case broken) throws IOException {
    copy(shared, folder);
    broken.damage().to(folder);
    Outcome outcome = Outcome.of(broken.command().replace("DIR", folder.toString()).split(" ", -1));
    List<String> said =
        outcome.err().lines().filter(line -> !line.matches("\\d\\d:\\d\\d:\\d\\d .*")).toList();
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(broken.code());
    assertThat(said).as(outcome.err()).hasSize(1);
    assertThat(said.get(0))
        .contains(broken.message().replace("DIR", folder.toString()))
        .doesNotContainPattern("\\b[A-Z]\\w*(Exception|Error)\\b")
        .doesNotContain("org.chameleon", "null.");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
