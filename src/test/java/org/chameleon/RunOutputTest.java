package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.InputPaths;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be written over, by whom, and what a run that was cut off leaves. */
class RunOutputTest {
  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    run = TinyRun.withCorpus(folder);
  }

  @Test
  void anOutputThatExistsIsKeptUnlessItIsToBeOverwritten() throws IOException {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    assertThatThrownBy(run::run)
        .hasMessage(
            "Cannot write to file:"
                + folder
                + "/run: it exists. Give --resume to keep what still holds, --overwrite to start over, or another --output.");
    Files.writeString(run.file("notes.txt"), "mine");
    run.run(Existing.OVERWRITE, Stage.TRAIN);
    assertThat(run.statuses()).containsOnlyKeys("train").containsEntry("train", "done");
    assertThat(run.file("sample")).doesNotExist();
    assertThat(run.file("notes.txt")).hasContent("mine");
  }

  @Test
  void aFolderOfSomebodyElseIsNeverWritten() throws IOException {
    Files.writeString(folder.resolve("precious.txt"), "mine");
    assertThatThrownBy(() -> run.to(folder).run(Existing.OVERWRITE, Stage.TRAIN))
        .hasMessageContaining("it exists and is not a run (it has no run.json)")
        .hasMessageContaining("it holds other files (corpus, precious.txt)");
    assertThat(folder.resolve("precious.txt")).exists();
    Path hidden = Files.createDirectories(folder.resolve("hidden/.git"));
    assertThatThrownBy(() -> run.to(folder.resolve("hidden")).run(Existing.OVERWRITE, Stage.TRAIN))
        .hasMessageContaining("it exists and is not a run (it has no run.json)");
    assertThat(hidden).exists();
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefused() throws IOException {
    Path file = folder.resolve("file");
    Files.writeString(file, "not a folder");
    assertThatThrownBy(
            () ->
                RunDirectory.prepare(
                    file + "/run", Existing.REFUSE, InputPaths.NONE, new Configuration()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Cannot write to file:" + file + "/run")
        .hasMessageContaining("Give an --output that can be written.");
  }

  @Test
  void anOutputThatAnotherRunWritesIsRefused() {
    String output = run.file("").toString();
    try (RunDirectory other =
        RunDirectory.prepare(output, Existing.RESUME, InputPaths.NONE, new Configuration())) {
      assertThatThrownBy(() -> run.run(Existing.RESUME, Stage.SAMPLE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("Cannot write to " + other + ": another run is writing it (process")
          .hasMessageContaining("Let it end, or give another --output.");
    }
    assertThat(folder.resolve("run")).doesNotExist();
    run.run(Existing.RESUME, Stage.SAMPLE);
    assertThat(folder.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("proxy", "run.json", "sample");
  }

  @Test
  void whatARunThatWasKilledLeftInStagingIsCleared() throws IOException {
    String draft = ".staging-001700000000000-0f8fad5b-d9cb-469f-a165-70867728950e";
    Files.createDirectories(run.file(draft + "/sample/windows"));
    Files.writeString(run.file(draft + "-run.json"), "{");
    run.run(Existing.REFUSE, Stage.SAMPLE);
    assertThat(folder.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("proxy", "run.json", "sample");
  }

  @Test
  void anOutputMayHaveCharactersThatArePatternsToSpark() {
    TinyRun odd = run.to(folder.resolve("out [1] {a}"));
    odd.run();
    assertThat(odd.problems()).isEmpty();
  }

  @Test
  void verifyNamesWhatIsNotAsItWasWritten() throws IOException {
    run.run();
    assertThat(run.problems()).isEmpty();
    assertThat(run.directory().files()).hasSizeGreaterThan(10);
    Path mixture = run.file("mixture.json");
    Files.writeString(mixture, Files.readString(mixture).replaceFirst("0\\.1", "0.2"));
    Files.delete(run.file("plan/exports/megatron.txt"));
    Files.writeString(run.file("plan/stray"), "x");
    assertThat(run.problems())
        .containsExactlyInAnyOrder(
            "mixture.json was changed: its SHA-256 is another.",
            "plan/exports/megatron.txt is missing.",
            "plan/stray was not written by the run.");
  }
}
