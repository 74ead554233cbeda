package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.CutOffFileSystem;
import org.chameleon.TestSpark;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.Existing;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.InputPaths;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How stages are made, reused and recorded, whatever they do. */
class StageRunnerTest {
  @TempDir private Path folder;
  private SmallRun run;

  @BeforeEach
  void smallRun() {
    run = new SmallRun(folder.resolve("run"));
  }

  @Test
  void whatAStageWroteIsThereAndRecorded() {
    run.resume();
    assertThat(run.statuses()).isEqualTo(Map.of("sample", "done", "mix", "done", "report", "done"));
    StageRecord sample = run.record(Stage.SAMPLE);
    assertThat(sample.files())
        .extracting(FileRecord::path)
        .containsExactly("sample/domains.json", "sample/windows/part-00000.parquet");
    assertThat(sample.files()).extracting(FileRecord::rows).containsExactly(null, 20L);
    assertThat(sample.counts().value(Counts.WINDOWS)).contains(20L);
    assertThat(run.directory().windows(TestSpark.session()).count()).isEqualTo(20);
    assertThat(run.directory().statistics()).isEqualTo(DomainSizes.UNKNOWN);
    assertThat(run.file("mixture.json")).hasContent("made of 0.29");
    assertThat(run.problems()).isEmpty();
    assertThat(names(run)).containsExactly("mixture.json", "report.html", "run.json", "sample");
  }

  @Test
  void whatWasMovedAndNotRecordedIsNeverTakenForWhatWasThereBefore() {
    SmallRun cut = new SmallRun(folder.resolve("cut"), "cut://");
    cut.resume();
    CutOffFileSystem.cutOffAfterMoveTo("mixture.json");
    try {
      assertThatThrownBy(() -> cut.with(Stage.MIX, 0.31).resume()).hasMessage("cut off");
    } finally {
      CutOffFileSystem.cutOffAfterMoveTo("");
    }
    assertThat(cut.file("mixture.json")).hasContent("made of 0.31");
    assertThat(cut.with(Stage.MIX, 0.29).resume()).containsExactly(Stage.MIX);
    assertThat(cut.file("mixture.json")).hasContent("made of 0.29");
    assertThat(cut.problems()).isEmpty();
  }

  @Test
  void nothingIsSeenBeforeTheStageHasEnded() {
    run.doing(
        Stage.SAMPLE,
        out -> {
          out.table(Artifact.WINDOWS, TestSpark.session().range(7).toDF("window"), 7, "window");
          assertThat(run.file("sample")).doesNotExist();
          assertThat(out.table(TestSpark.session(), Artifact.WINDOWS).count()).isEqualTo(7);
          return Counts.NONE;
        });
    run.resume();
    assertThat(run.file("sample/windows/part-00000.parquet")).exists();
  }

  @Test
  void aRunThatWasKilledWhileItOverwroteIsStillARun() {
    run.resume();
    String uri = run.file("").toString();
    try (RunDirectory killed =
        RunDirectory.prepare(uri, Existing.OVERWRITE, InputPaths.NONE, new Configuration())) {
      assertThat(killed.replacesRun()).isTrue();
      assertThat(names(run)).contains("mixture.json", "report.html", "sample");
      assertThat(killed.earlier()).isNull();
    }
    assertThat(names(run)).containsExactly("run.json");
    assertThat(run.resume()).containsExactly(Stage.SAMPLE, Stage.MIX, Stage.REPORT);
    assertThat(run.problems()).isEmpty();
  }

  @Test
  void aSecondRunReusesWhatIsThere() {
    assertThat(run.resume()).containsExactly(Stage.SAMPLE, Stage.MIX, Stage.REPORT);
    StageRecord sample = run.record(Stage.SAMPLE);
    assertThat(run.resume()).isEmpty();
    assertThat(run.statuses()).values().containsOnly("reused");
    assertThat(run.record(Stage.SAMPLE).files()).isEqualTo(sample.files());
    assertThat(run.record(Stage.SAMPLE).counts().value(Counts.WINDOWS)).contains(20L);
  }

  @Test
  void whatAnInputChangesRunsAgainWithAllBehindIt() {
    run.resume();
    assertThat(run.with(Stage.MIX, 0.5).resume()).containsExactly(Stage.MIX, Stage.REPORT);
    assertThat(run.file("mixture.json")).hasContent("made of 0.5");
    assertThat(run.with(Stage.REPORT, "other").resume()).containsExactly(Stage.REPORT);
  }

  @Test
  void aPasswordIsNoInput() {
    run.with(Stage.SAMPLE, "s3a://somebody:before@store/corpus").resume();
    run.with(Stage.SAMPLE, "s3a://somebody:after@store/corpus");
    assertThat(run.resume()).isEmpty();
    run.with(Stage.SAMPLE, "s3a://somebody:after@store/other");
    assertThat(run.resume()).contains(Stage.SAMPLE);
  }

  @Test
  void aFailureOnAnExecutorIsRecordedAndThrown() {
    run.doing(Stage.MIX, out -> brokenJob());
    assertThatThrownBy(run::resume).isInstanceOf(SparkException.class);
    StageRecord mix = run.record(Stage.MIX);
    assertThat(mix.status()).isEqualTo(StageRecord.Status.FAILED);
    assertThat(mix.error()).isEqualTo("the task broke");
    assertThat(mix.mayPass()).isTrue();
    assertThat(mix.files()).isEmpty();
    assertThat(run.statuses()).isEqualTo(Map.of("sample", "done", "mix", "failed"));
    assertThat(names(run)).containsExactly("run.json", "sample");
  }

  /** A task fails: Spark throws a checked exception that no method declares. */
  private static Counts brokenJob() {
    new JavaSparkContext(SmallRun.spark())
        .parallelize(List.of(1, 2))
        .foreach(
            number -> {
              throw new IllegalStateException("the task broke");
            });
    return Counts.NONE;
  }

  @Test
  void anErrorIsRecordedAndThrown() {
    run.doing(
        Stage.MIX,
        out -> {
          out.text(Artifact.MIXTURE, "half");
          throw new UnsatisfiedLinkError("no torch in java.library.path");
        });
    assertThatThrownBy(run::resume).isInstanceOf(UnsatisfiedLinkError.class);
    assertThat(run.record(Stage.MIX).error())
        .startsWith("A native library cannot be loaded: no torch in java.library.path.");
    assertThat(run.record(Stage.MIX).mayPass()).isFalse();
    assertThat(names(run)).containsExactly("run.json", "sample");
  }

  @Test
  void aFailureThatCannotBeRecordedIsThrownWithTheReason() {
    run.doing(
        Stage.MIX,
        out -> {
          delete(run.file(".lock"));
          throw new IllegalStateException("the work broke");
        });
    assertThatThrownBy(run::resume)
        .hasMessage("the work broke")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .isInstanceOf(InvalidInputException.class)
                    .extracting(Throwable::getMessage)
                    .asString()
                    .contains("another run has taken it over"));
    assertThat(run.statuses()).isEqualTo(Map.of("sample", "done"));
  }

  @Test
  void whetherTryingAgainCanHelpIsRecordedWithAFailureAlone() {
    run.doing(
        Stage.MIX,
        out -> {
          throw new InvalidInputException("Cannot mix one domain. Add another.");
        });
    assertThatThrownBy(run::resume).isInstanceOf(InvalidInputException.class);
    assertThat(run.record(Stage.MIX).mayPass()).isFalse();
    assertThat(RunStatus.of(run.directory(), Stage.REPORT, null).futile()).isTrue();
    assertThat(RunStatus.of(run.directory(), Stage.REPORT, "another").futile()).isFalse();
    run.doing(
        Stage.MIX,
        out -> {
          throw new InvalidInputException("Cannot read.", new IOException("503"));
        });
    assertThatThrownBy(run::resume).isInstanceOf(InvalidInputException.class);
    assertThat(run.record(Stage.MIX).mayPass()).isTrue();
    assertThat(RunStatus.of(run.directory(), Stage.REPORT, null).futile()).isFalse();
    run.doing(Stage.MIX, out -> text(out));
    run.resume();
    assertThat(run.record(Stage.MIX).mayPass()).isNull();
  }

  private static Counts text(StageOutput out) {
    out.text(Artifact.MIXTURE, "mixed");
    return Counts.NONE;
  }

  @Test
  void aStageThatWroteNothingFails() {
    run.doing(Stage.MIX, out -> Counts.NONE);
    assertThatThrownBy(run::resume)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write file:" + run.file("mixture.json") + ": ");
    assertThat(run.statuses()).containsEntry("mix", "failed");
  }

  @Test
  void aTruncatedFileMakesItsStageRunAgain() throws IOException {
    run.resume();
    Path part = run.file("sample/windows/part-00000.parquet");
    byte[] whole = Files.readAllBytes(part);
    Files.write(part, Arrays.copyOf(whole, whole.length - 1));
    assertThat(run.resume()).containsExactly(Stage.SAMPLE);
    assertThat(part).hasBinaryContent(whole);
    assertThat(run.problems()).isEmpty();
  }

  @Test
  void aRunThatWasKilledIsContinued() {
    run.resume();
    SmallRun killed = new SmallRun(folder.resolve("killed")).with(Stage.MIX, 0.5);
    run.with(Stage.MIX, 0.5)
        .doing(
            Stage.MIX,
            out -> {
              out.text(Artifact.MIXTURE, "half");
              copy(run.file(""), killed.file(""));
              return Counts.NONE;
            });
    run.resume();
    assertThat(killed.statuses())
        .isEqualTo(Map.of("sample", "reused", "mix", "stale", "report", "stale"));
    assertThat(names(killed)).hasSize(5).anyMatch(name -> name.startsWith(".staging-"));
    assertThat(killed.resume()).containsExactly(Stage.MIX, Stage.REPORT);
    assertThat(killed.file("mixture.json")).hasContent("made of 0.5");
    assertThat(killed.problems()).isEmpty();
    assertThat(names(killed)).containsExactly("mixture.json", "report.html", "run.json", "sample");
  }

  @Test
  void aFailedAttemptKeepsWhatLiesBehindItForTheNext() {
    run.resume();
    StageRecord before = run.record(Stage.SAMPLE);
    run.with(Stage.SAMPLE, 18)
        .doing(
            Stage.SAMPLE,
            out -> {
              throw new IllegalStateException("too few windows");
            });
    assertThatThrownBy(run::resume).hasMessage("too few windows");
    assertThat(run.statuses())
        .isEqualTo(Map.of("sample", "failed", "mix", "stale", "report", "stale"));
    StageRecord failed = run.record(Stage.SAMPLE);
    assertThat(failed.error()).isEqualTo("too few windows");
    assertThat(failed.files()).isEqualTo(before.files());
    assertThat(run.file("sample/domains.json")).exists();
    assertThat(run.with(Stage.SAMPLE, 17).resume()).isEmpty();
    assertThat(run.statuses()).values().containsOnly("reused");
    assertThat(run.record(Stage.SAMPLE).error()).isNull();
    assertThat(run.problems()).isEmpty();
  }

  @Test
  void whatLiesBehindTheLastStageAskedForIsStaleUnlessItHolds() {
    run.resume();
    run.resume(Stage.SAMPLE);
    assertThat(run.statuses()).values().containsOnly("reused");
    assertThat(run.with(Stage.MIX, 0.5).resume(Stage.MIX)).containsExactly(Stage.MIX);
    assertThat(run.statuses())
        .isEqualTo(Map.of("sample", "reused", "mix", "done", "report", "stale"));
    assertThat(run.problems()).containsExactly("report is of an earlier configuration or attempt.");
  }

  private static List<String> names(SmallRun run) {
    return run.directory().folder().names().stream().sorted().toList();
  }

  private static void delete(Path tree) {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies what a process would leave that is killed now, and has died. */
  private static void copy(Path from, Path to) {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.filter(p -> !p.toString().contains(".lock")).toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
