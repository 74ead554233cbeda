package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.Existing;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the stages behind one that is made anew in a run that has ended. */
class GoingOnTest {
  @TempDir private Path folder;
  private SmallRun run;

  @BeforeEach
  void aFinishedRun() {
    run = new SmallRun(folder.resolve("run"));
    run.resume();
  }

  @Test
  void whatLiesBehindAnEvaluationThatIsMadeAnewIsStaleUntilItIsMadeToo() {
    evaluate("first", () -> {});
    assertThat(run.statuses())
        .isEqualTo(
            Map.of(
                "sample", "done",
                "mix", "done",
                "evaluate", "done",
                "plan", "done",
                "report", "done"));
    evaluate("second", this::assertOnlyThePlanAndTheReportAreStale);
    assertThat(run.statuses()).values().containsOnly("done");
    assertThat(run.problems()).isEmpty();
  }

  @Test
  void whatWasPlannedBeforeAnEvaluationIsNoPlanOfARunThatWasCutOffBehindIt() {
    evaluate("first", () -> {});
    assertThatThrownBy(
            () ->
                evaluate(
                    "second",
                    () -> {
                      throw new IllegalStateException("cut off");
                    }))
        .hasMessage("cut off");
    assertOnlyThePlanAndTheReportAreStale();
    for (Stage stage : List.of(Stage.PLAN, Stage.REPORT)) {
      assertThatThrownBy(() -> run.directory().requireCurrent("export", stage))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot export %s: its stage %s was not made by its last attempt. Run it again with --resume.",
              run.directory(), stage);
    }
    assertThat(run.file("plan/manifest.json")).hasContent("of first");
  }

  @Test
  void anEvaluationThatFailsLeavesThePlanOfTheOneBefore() {
    evaluate("first", () -> {});
    StageRunner.Work broken =
        out -> {
          throw new IllegalStateException("no trial ended well");
        };
    assertThatThrownBy(() -> goOn(stages -> stages.run(Stage.EVALUATE, List.of("second"), broken)))
        .hasMessage("no trial ended well");
    assertThat(run.statuses())
        .containsEntry("evaluate", "failed")
        .containsEntry("plan", "done")
        .containsEntry("report", "done");
  }

  private void assertOnlyThePlanAndTheReportAreStale() {
    assertThat(run.statuses())
        .isEqualTo(
            Map.of(
                "sample", "done",
                "mix", "done",
                "evaluate", "done",
                "plan", "stale",
                "report", "stale"));
  }

  /** Evaluates a finished run, and plans and reports with what came out. */
  private void evaluate(String input, Runnable between) {
    goOn(
        stages -> {
          stages.run(Stage.EVALUATE, List.of(input), out -> text(out, Artifact.RESULTS, input));
          between.run();
          stages.run(Stage.PLAN, List.of(input), out -> text(out, Artifact.MANIFEST, input));
          stages.run(Stage.REPORT, List.of(input), out -> text(out, Artifact.REPORT, input));
        });
  }

  private static Counts text(StageOutput out, Artifact artifact, String input) {
    out.text(artifact, "of " + input);
    return Counts.NONE;
  }

  private void goOn(Consumer<StageRunner> work) {
    String uri = run.file("").toString();
    List<Stage> all = List.of(Stage.SAMPLE, Stage.MIX, Stage.PLAN, Stage.REPORT);
    try (RunDirectory directory =
        RunDirectory.prepare(uri, Existing.RESUME, InputPaths.NONE, new Configuration())) {
      work.accept(
          StageRunner.goingOn(
              directory,
              SmallRun.spark(),
              Stage.REPORT,
              Provenance.of(Json.configuration(Map.of()), "evaluation", "3", all)));
    }
  }
}
