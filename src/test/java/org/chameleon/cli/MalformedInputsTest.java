package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Corpora and checkpoints that are broken, each in its way: message, exit code and record. */
class MalformedInputsTest extends MalformedFixture {
  private static final Path CHECKPOINT = Path.of("src/test/resources/reference/gpt2");
  private static final String ROW = "{\"domain\": \"a\", \"text\": \"some words of a row\"}\n";

  static Stream<Case> corpora() {
    return Stream.of(
        corpus("nothing", folder -> {}, "Cannot find corpus.path: nothing is at file:"),
        corpus("another format", file("rows.csv", "a,b\n"), "rows.csv looks like data"),
        corpus("an array", file("x.jsonl", "[\n" + ROW + "]\n"), "x.jsonl: it is a JSON array"),
        corpus("no JSON", file("x.jsonl", ROW + "words\n"), "Cannot read row 1 of file:"),
        corpus(
            "no text",
            file("x.jsonl", ROW + "{\"domain\": \"a\", \"text\": \"\"}\n"),
            "Cannot use row 1 of"),
        corpus("no domain", file("x.jsonl", "{\"text\": \"x\"}\n"), "no column 'domain', it has"),
        corpus("no rows", file("x.jsonl", "\n"), "Cannot use an empty corpus: no rows in 1 file"),
        corpus(
            "UTF-16", file("x.jsonl", ROW.getBytes(StandardCharsets.UTF_16)), "it is UTF-16 text"),
        corpus("no Parquet", file("x.parquet", "words of text"), "x.parquet: it is not Parquet"),
        corpus(
            "half of gzip", file("x.jsonl.gz", half(gzip(ROW.repeat(99)))), "it is damaged or cut"),
        corpus(
            "a null partition",
            file("domain=__HIVE_DEFAULT_PARTITION__/x.jsonl", ROW),
            "'domain' was null when its rows were partitioned"),
        corpus(
            "a link to nothing",
            folder -> {
              Files.createDirectories(folder.resolve("c"));
              Files.createSymbolicLink(folder.resolve("c/x.jsonl"), Path.of("gone.jsonl"));
            },
            "c/x.jsonl: it is a link to gone.jsonl, where nothing is"));
  }

  static Stream<Case> checkpoints() {
    return Stream.of(
        checkpoint("no folder", folder -> deleteAll(folder.resolve("p")), "nothing is there"),
        checkpoint("no JSON", write("p/config.json", "not JSON"), "config.json"),
        checkpoint(
            "another family",
            edit("p/config.json", "\"model_type\": \"gpt2\"", "\"model_type\": \"none\""),
            "config.json"),
        checkpoint("no tokenizer", delete("p/tokenizer.json"), "tokenizer.json"),
        checkpoint(
            "pickled weights",
            folder ->
                Files.move(
                    folder.resolve("p/model.safetensors"), folder.resolve("p/pytorch_model.bin")),
            "pytorch_model.bin"),
        checkpoint("half the weights", cut("p/model.safetensors"), "model.safetensors"),
        checkpoint(
            "a pointer",
            write("p/model.safetensors", "version https://git-lfs.github.com/spec/v1\n"),
            "Git LFS pointer"),
        checkpoint(
            "a lost shard",
            folder -> {
              Files.delete(folder.resolve("p/model.safetensors"));
              Files.writeString(
                  folder.resolve("p/model.safetensors.index.json"),
                  "{\"weight_map\": {\"wte.weight\": \"model-00001-of-00001.safetensors\"}}");
            },
            "model-00001-of-00001.safetensors"),
        new Case(
            "windows beyond the context",
            folder -> write("c.jsonl", ROW.repeat(50)).to(folder),
            "run --config DIR/in.conf --output DIR/out --set sample.window-tokens=100000",
            1,
            "sample.window-tokens"));
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static Damage file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Damage file(String name, byte[] bytes) {
    return folder -> {
      Path path = folder.resolve("c").resolve(name);
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
    };
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static Case corpus(String what, Damage damage, String message) {
    return new Case(
        what,
        damage,
        "run --config DIR/in.conf --output DIR/out --set corpus.path=DIR/c",
        1,
        message);
  }

  private static Case checkpoint(String what, Damage damage, String message) {
    return new Case(
        what,
        folder -> {
          write("c.jsonl", ROW.repeat(50)).to(folder);
          damage.to(folder);
        },
        "run --config DIR/in.conf --output DIR/out",
        1,
        message);
  }

  @ParameterizedTest
  @MethodSource({"corpora", "checkpoints"})
  void whatIsBrokenIsSaidInALineAndRecorded(Case broken) throws IOException {
    Path[] used = new Path[1];
    check(
        new Case(
            broken.what(),
            folder -> {
              used[0] = folder;
              good(folder);
              broken.damage().to(folder);
            },
            broken.command(),
            broken.code(),
            broken.message()));
    JsonNode record = new ObjectMapper().readTree(used[0].resolve("out/run.json").toFile());
    assertThat(record.get("stages").findValuesAsText("status")).contains("failed");
    assertThat(record.get("stages").findValue("mayPass").asBoolean()).isFalse();
  }

  /** A configuration and a checkpoint that nothing is wrong with. */
  private static void good(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("p"));
    for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
      Files.copy(CHECKPOINT.resolve(name), folder.resolve("p").resolve(name));
    }
    Files.writeString(
        folder.resolve("in.conf"),
        """
        chameleon {
          corpus { path = "%s/c.jsonl" }
          proxy { checkpoint = "%s/p" }
          sample { windows-per-domain = 4, window-tokens = 8 }
        }
        """
            .formatted(folder, folder));
  }
}
