package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chameleon.config.Failures;
import org.chameleon.config.InvalidInputException;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What of an output survives a run that is to overwrite it, and what a run that cannot begin
 * leaves.
 */
class RunOverwriteTest {
  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    run = TinyRun.withCorpus(folder);
  }

  @Test
  void filesThatNoRunWroteSurviveInEveryFolder() throws IOException {
    run.run();
    String[] mine = {
      "thesis.txt", "proxy/thesis.txt", "sample/windows/thesis.txt", "plan/exports/thesis.txt"
    };
    for (String name : mine) {
      Files.writeString(run.file(name), "mine");
    }
    run.with("sample.window-tokens", "20").run(Existing.OVERWRITE, Stage.EMBED);
    for (String name : mine) {
      assertThat(run.file(name)).hasContent("mine");
    }
    assertThat(run.file("plan/manifest.json")).doesNotExist();
    assertThat(run.file("plan/exports").toFile().list()).containsExactly("thesis.txt");
    assertThat(run.file("report.html")).doesNotExist();
    assertThat(run.statuses())
        .isEqualTo(Map.of("train", "done", "sample", "done", "embed", "done"));
    run.with("sample.window-tokens", "16").resume();
    for (String name : mine) {
      assertThat(run.file(name)).hasContent("mine");
    }
    assertThat(run.problems())
        .containsExactly(
            "proxy/thesis.txt was not written by the run.",
            "sample/windows/thesis.txt was not written by the run.",
            "plan/exports/thesis.txt was not written by the run.");
  }

  @Test
  void aFileOfSomebodyElseIsNotWrittenOver() throws IOException {
    run.run(Existing.REFUSE, Stage.EMBED);
    Files.writeString(run.file("mixture.json"), "mine");
    assertThatThrownBy(run::resume)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("mixture.json is there, and was not written by this program.");
    assertThat(run.file("mixture.json")).hasContent("mine");
    assertThat(run.statuses()).containsEntry("mix", "failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"tool\": \"other\", \"stages\": {}}", "{}", "null", "{", ""})
  void aRecordOfSomebodyElseMakesNoRun(String record) throws IOException {
    Files.createDirectories(run.file("proxy"));
    Files.writeString(run.file("run.json"), record);
    Files.writeString(run.file("proxy/thesis.txt"), "mine");
    Map<String, String> before = content();
    for (Existing existing : Existing.values()) {
      assertThatThrownBy(() -> run.run(existing, Stage.SAMPLE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(
              "it exists and is not a run (its run.json is of another tool, or cannot be read)");
    }
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aRecordNamesNoFileOutsideOfTheRun() throws IOException {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    Path outside = Files.writeString(folder.resolve("thesis.txt"), "mine");
    Files.writeString(run.file("thesis.txt"), "mine");
    Path record = run.file("run.json");
    Files.writeString(
        record,
        Files.readString(record)
            .replace("sample/domains.json", "sample/../../thesis.txt")
            .replaceFirst("sample/windows/part-[^\"]+", "thesis.txt"));
    run.run(Existing.OVERWRITE, Stage.TRAIN);
    assertThat(outside).hasContent("mine");
    assertThat(run.file("thesis.txt")).hasContent("mine");
  }

  @ParameterizedTest
  @CsvSource({
    "proxy.checkpoint, run/proxy, proxy.checkpoint",
    "corpus.path, run/sample/windows, corpus.path",
    "corpus.path, run/*/windows/*.parquet, corpus.path",
    "corpus.path, r?n, corpus.path",
    "embedding.from, run/embedding/samples/*.parquet, embedding.from",
    "plan.tokenizer, run/proxy, plan.tokenizer"
  })
  void anInputThatLiesInTheOutputIsRefusedBeforeAnythingGoes(
      String key, String path, String named) {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    Map<String, String> before = content();
    for (Existing existing : new Existing[] {Existing.OVERWRITE, Existing.RESUME}) {
      assertThatThrownBy(() -> run.with(key, folder + "/" + path).run(existing, Stage.REPORT))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(named + " is " + folder + "/" + path + ", which lies in it.")
          .hasMessageContaining("Give another --output, or move the input.");
    }
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aDomainThatLiesInTheOutputIsNamed() {
    TinyRun inside =
        run.with("corpus.path", "none")
            .with("corpus.domains", "{ a = [\"" + folder + "/other/../run/sample\"] }");
    assertThatThrownBy(inside::run).hasMessageContaining("corpus.domains.a is " + folder);
  }

  @Test
  void anInputBesideTheOutputIsNone() {
    run.to(folder.resolve("corp")).run(Existing.REFUSE, Stage.TRAIN);
  }

  @Test
  void inputsThatCannotBeOpenedLeaveTheRunToBeOverwrittenAsItIs() throws IOException {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    Map<String, String> before = content();
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    for (TinyRun broken :
        new TinyRun[] {
          run.over(folder.resolve("nowhere")),
          run.over(empty),
          run.with("corpus.text-column", "body"),
          run.with("proxy.checkpoint", folder + "/nowhere"),
          run.with("plan.tokenizer", folder + "/nowhere")
        }) {
      assertThatThrownBy(() -> broken.run(Existing.OVERWRITE, Stage.REPORT))
          .satisfies(e -> assertThat(Failures.message(e)).startsWith("Cannot "));
      assertThat(content()).isEqualTo(before);
    }
  }

  @Test
  void aCheckpointThatCannotDoWhatIsAskedForLeavesTheRunToBeOverwrittenAsItIs() throws IOException {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    Map<String, String> before = content();
    assertThatThrownBy(
            () -> run.with("sample.window-tokens", "100000").run(Existing.OVERWRITE, Stage.REPORT))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot sample windows of 100000 tokens: ");
    assertThat(content()).isEqualTo(before);
    TinyRun lacking = run.with("proxy.checkpoint", checkpointWithoutPositions().toString());
    assertThatThrownBy(() -> lacking.run(Existing.OVERWRITE, Stage.REPORT))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it has no tensor 'wpe.weight', which its config.json asks for");
    assertThat(content()).isEqualTo(before);
  }

  private Path checkpointWithoutPositions() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
      Files.copy(Reference.path("gpt2/" + name), checkpoint.resolve(name));
    }
    Path weights = checkpoint.resolve("model.safetensors");
    String renamed = text(weights).replace("\"wpe.weight\"", "\"wpe.other!\"");
    Files.writeString(weights, renamed, StandardCharsets.ISO_8859_1);
    return checkpoint;
  }

  @ParameterizedTest
  @CsvSource({
    "corpus.path, sample, nothing is at",
    "proxy.checkpoint, train, nowhere",
    "plan.tokenizer, count, nowhere",
    "embedding.from, embed, no file is there"
  })
  void anInputThatCannotBeOpenedIsRecordedWithTheFirstStageThatNeedsIt(
      String key, String stage, String message) {
    TinyRun broken = run.with(key, folder + "/nowhere");
    assertThatThrownBy(broken::run).isInstanceOf(InvalidInputException.class);
    assertThat(broken.statuses()).isEqualTo(Map.of(stage, "failed"));
    assertThat(broken.stage(stage).get("error").asText()).contains(message);
    assertThat(broken.stage(stage).get("mayPass").asBoolean()).isFalse();
    run.run(Existing.REFUSE, Stage.SAMPLE);
    assertThat(run.statuses()).isEqualTo(Map.of("train", "done", "sample", "done"));
  }

  @Test
  void aStoreThatDoesNotAnswerMayAnswerLater() {
    TinyRun silent = run.with("corpus.path", "[\"webhdfs://127.0.0.1:1/corpus\"]");
    assertThatThrownBy(silent::run).isInstanceOf(InvalidInputException.class);
    assertThat(silent.stage("sample").get("mayPass").asBoolean()).isTrue();
  }

  /** Returns every file below the run with its content. */
  private Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run.file(""))) {
      files.forEach(file -> content.put(run.file("").relativize(file).toString(), text(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  private static String text(Path file) {
    try {
      return Files.isDirectory(file)
          ? "folder"
          : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
