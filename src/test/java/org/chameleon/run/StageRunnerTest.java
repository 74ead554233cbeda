package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.chameleon.TestSpark;
import org.chameleon.config.InvalidInputException;
import org.chameleon.run.StageRecord.Status;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a stage, whatever it does: here some that write next to nothing. */
class StageRunnerTest {
  @TempDir private Path folder;

  /** A run of three stages; each writes its input, and counts how often it was asked to. */
  private final class Toy {
    private final Map<Stage, StageRunner.Work> works = new TreeMap<>();
    private final Map<Stage, String> inputs = new TreeMap<>();
    private final Map<Stage, Integer> asked = new TreeMap<>();
    private Stage until = Stage.REPORT;

    Toy() {
      works.put(Stage.SAMPLE, output -> write(output, Artifact.STATISTICS));
      works.put(Stage.MIX, output -> write(output, Artifact.MIXTURE));
      works.put(Stage.REPORT, output -> write(output, Artifact.REPORT));
    }

    private Counts write(StageOutput output, Artifact artifact) {
      output.json(artifact, Map.of("from", inputs.getOrDefault(artifact.stage(), "")));
      return Counts.NONE.with(Counts.DOMAINS, 3L);
    }

    void run() {
      try (RunDirectory run = RunDirectory.prepare(output(), Existing.RESUME, hadoop())) {
        RunRecord start =
            Provenance.of(
                JsonNodeFactory.instance.objectNode(), "toy", "3", List.copyOf(works.keySet()));
        StageRunner runner = new StageRunner(run, TestSpark.session().sparkContext(), until, start);
        for (Stage stage : works.keySet()) {
          runner.run(
              stage,
              List.of(inputs.getOrDefault(stage, "")),
              output -> {
                asked.merge(stage, 1, Integer::sum);
                return works.get(stage).into(output);
              });
        }
      }
    }
  }

  private String output() {
    return folder.resolve("run").toString();
  }

  private static Configuration hadoop() {
    return new Configuration();
  }

  private RunDirectory directory() {
    return RunDirectory.at(output(), hadoop());
  }

  private Status status(Stage stage) {
    return directory().record().stage(stage).status();
  }

  private List<String> names() {
    String[] names = folder.resolve("run").toFile().list();
    return names == null ? List.of() : Arrays.stream(names).sorted().toList();
  }

  @Test
  void whatHoldsIsReusedAndWhatIsBehindAChangeIsMadeAgain() {
    Toy toy = new Toy();
    toy.run();
    assertThat(status(Stage.MIX)).isEqualTo(Status.DONE);
    toy.run();
    assertThat(toy.asked)
        .containsOnly(
            Map.entry(Stage.SAMPLE, 1), Map.entry(Stage.MIX, 1), Map.entry(Stage.REPORT, 1));
    assertThat(status(Stage.MIX)).isEqualTo(Status.REUSED);
    toy.inputs.put(Stage.MIX, "another");
    toy.run();
    assertThat(toy.asked)
        .containsOnly(
            Map.entry(Stage.SAMPLE, 1), Map.entry(Stage.MIX, 2), Map.entry(Stage.REPORT, 2));
    assertThat(directory().problems(Verifier.here(directory().folder()), Stage.values())).isEmpty();
  }

  @Test
  void aFailureOnAnExecutorIsRecordedAndRethrown() {
    Toy toy = new Toy();
    toy.works.put(
        Stage.MIX,
        output -> {
          output.json(Artifact.MIXTURE, Map.of());
          return failing(new InvalidInputException("Cannot use row 3."));
        });
    assertThatThrownBy(toy::run).isInstanceOf(SparkException.class);
    assertThat(status(Stage.MIX)).isEqualTo(Status.FAILED);
    assertThat(directory().record().stage(Stage.MIX).error()).isEqualTo("Cannot use row 3.");
    assertThat(names()).containsExactly("run.json", "sample");
  }

  private static Counts failing(RuntimeException failure) {
    new JavaSparkContext(TestSpark.session().sparkContext())
        .parallelize(List.of(1), 1)
        .foreach(
            row -> {
              throw failure;
            });
    return Counts.NONE;
  }

  @Test
  void anErrorOfALibraryIsRecordedToo() {
    Toy toy = new Toy();
    toy.works.put(
        Stage.SAMPLE,
        output -> {
          throw new UnsatisfiedLinkError("no torch");
        });
    assertThatThrownBy(toy::run).isInstanceOf(UnsatisfiedLinkError.class);
    StageRecord failed = directory().record().stage(Stage.SAMPLE);
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.error()).isEqualTo("UnsatisfiedLinkError: no torch");
    assertThat(failed.files()).isEmpty();
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void aFailedAttemptKeepsWhatIsThere() {
    Toy toy = new Toy();
    toy.run();
    StageRunner.Work sample = toy.works.get(Stage.SAMPLE);
    toy.inputs.put(Stage.SAMPLE, "wrong");
    toy.works.put(Stage.SAMPLE, output -> failing(new InvalidInputException("Wrong.")));
    assertThatThrownBy(toy::run).isInstanceOf(SparkException.class);
    assertThat(status(Stage.SAMPLE)).isEqualTo(Status.FAILED);
    assertThat(status(Stage.MIX)).isEqualTo(Status.STALE);
    toy.inputs.remove(Stage.SAMPLE);
    toy.works.put(Stage.SAMPLE, sample);
    toy.asked.clear();
    toy.run();
    assertThat(toy.asked).isEmpty();
    assertThat(directory().record().stages().values())
        .allMatch(stage -> stage.status() == Status.REUSED && stage.error() == null);
  }

  @Test
  void aFileThatWasCutShortIsMadeAgain() throws IOException {
    Toy toy = new Toy();
    toy.run();
    Files.writeString(folder.resolve("run/mixture.json"), "{");
    toy.run();
    assertThat(toy.asked).containsEntry(Stage.MIX, 2).containsEntry(Stage.SAMPLE, 1);
  }

  @Test
  void aRunThatWasKilledIsTakenUpWhereItStopped() throws IOException {
    Toy toy = new Toy();
    toy.until = Stage.SAMPLE;
    toy.run();
    Files.createDirectories(folder.resolve("run/.staging-1/mix"));
    Files.writeString(folder.resolve("run/.staging-1/mix/mixture.json"), "{");
    toy.until = Stage.REPORT;
    toy.run();
    assertThat(toy.asked)
        .containsOnly(
            Map.entry(Stage.SAMPLE, 1), Map.entry(Stage.MIX, 1), Map.entry(Stage.REPORT, 1));
    assertThat(names()).containsExactly("mixture.json", "report.html", "run.json", "sample");
  }

  @Test
  void whatLiesBehindTheLastStageIsKeptIfItHoldsAndStaleIfNot() {
    Toy toy = new Toy();
    toy.run();
    toy.until = Stage.SAMPLE;
    toy.run();
    assertThat(status(Stage.REPORT)).isEqualTo(Status.REUSED);
    toy.inputs.put(Stage.MIX, "another");
    toy.run();
    assertThat(status(Stage.REPORT)).isEqualTo(Status.STALE);
    assertThat(directory().problems(Verifier.here(directory().folder()), Stage.values()))
        .containsExactly(
            "mix is of an earlier configuration or attempt.",
            "report is of an earlier configuration or attempt.");
    assertThatThrownBy(() -> directory().requireCurrent("publish", Stage.MIX))
        .hasMessageContaining("its stage mix was not made by its last attempt. Run it again");
  }

  @Test
  void theRecordIsFlatAndReadBackAsItWas() {
    new Toy().run();
    StageRecord record = directory().record().stage(Stage.SAMPLE);
    assertThat(record.counts().value(Counts.DOMAINS)).contains(3L);
    assertThat(record.counts().value(Counts.TOKENS)).isEmpty();
    String json = new String(directory().folder().bytes("run.json"), StandardCharsets.UTF_8);
    assertThat(json)
        .containsSubsequence(
            "\"sample\" : {",
            "\"domains\" : 3,",
            "\"files\" :",
            "\"fingerprint\" :",
            "\"status\" : \"done\"");
    assertThat(json).doesNotContain("counts");
  }
}
