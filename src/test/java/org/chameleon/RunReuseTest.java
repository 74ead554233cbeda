package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chameleon.config.Failures;
import org.chameleon.report.ReportNote;
import org.chameleon.run.RunStatus;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that is resumed keeps, and what one that fails leaves. */
class RunReuseTest {
  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(30, 1), folder.resolve("corpus"), 1);
    run = TinyRun.into(folder.resolve("run")).over(corpus);
  }

  @Test
  void aSecondRunReusesAllAndAChangeRunsOnlyWhatDependsOnIt() throws IOException {
    run.run();
    byte[] before = Files.readAllBytes(run.file("mixture.json"));
    run.resume();
    assertThat(run.statuses())
        .containsOnlyKeys("train", "sample", "embed", "mix", "plan", "report")
        .values()
        .containsOnly("reused");
    assertThat(run.file("mixture.json")).hasBinaryContent(before);
    TinyRun finetune = run.with("mixture.objective", "finetune").resume();
    assertThat(run.statuses())
        .containsOnly(
            Map.entry("train", "reused"),
            Map.entry("sample", "reused"),
            Map.entry("embed", "reused"),
            Map.entry("mix", "done"),
            Map.entry("plan", "done"),
            Map.entry("report", "done"));
    Files.delete(run.file("embedding/domains.parquet"));
    finetune.resume();
    assertThat(run.statuses()).containsEntry("embed", "done").containsEntry("sample", "reused");
  }

  @Test
  void theReportSaysWhichFormatAutoChoseAlsoOfReusedEmbeddings() throws IOException {
    run.run();
    embeddedIn("bfloat16");
    run.with("report.title", "chosen").resume();
    assertThat(run.statuses()).containsEntry("embed", "reused").containsEntry("report", "done");
    assertThat(Files.readString(run.file("report.html")))
        .contains("<h1>chosen</h1>", ReportNote.BFLOAT16_CHOSEN.text());
    embeddedIn("float32");
    run.with("report.title", "float32").resume();
    assertThat(Files.readString(run.file("report.html")))
        .contains("<h1>float32</h1>")
        .doesNotContain("bfloat16");
    run.with("embedding.precision", "bfloat16").resume();
    assertThat(run.stage("embed").get("precision").asText()).isEqualTo("bfloat16");
    assertThat(Files.readString(run.file("report.html"))).doesNotContain("bfloat16");
  }

  /**
   * Makes the record say in which format the embeddings were computed, whatever this device has.
   */
  private void embeddedIn(String format) throws IOException {
    String record = Files.readString(run.file("run.json"));
    String changed =
        record.replaceAll(
            "\"precision\" : \"b?float\\d\\d\"", "\"precision\" : \"" + format + "\"");
    assertThat(changed).contains("\"precision\" : \"" + format + "\"");
    Files.writeString(run.file("run.json"), changed);
  }

  @Test
  void aRunStopsWhereItIsTold() {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    assertThat(run.statuses()).containsOnlyKeys("train", "sample");
    assertThat(run.file("embedding")).doesNotExist();
    run.resume();
    assertThat(run.statuses()).containsEntry("sample", "reused").containsEntry("report", "done");
  }

  @Test
  void aFailureIsRecordedAndLeavesNothingHalfWritten() {
    assertThatThrownBy(() -> run.with("sample.windows-per-domain", "100000").run())
        .satisfies(
            e -> assertThat(Failures.message(e)).startsWith("Cannot sample domain 'code': "));
    JsonNode sample = run.stage("sample");
    assertThat(sample.get("status").asText()).isEqualTo("failed");
    assertThat(sample.get("error").asText()).startsWith("Cannot sample domain 'code': ");
    assertThat(folder.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("proxy", "run.json");
  }

  @Test
  void aFailureOnAnExecutorIsRecordedToo() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("lines"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append("{\"domain\": \"").append("abc".charAt(i % 3)).append("\", \"text\": ");
      lines.append(i == 17 ? "null" : "\"some words and others, number " + i + "\"").append("}\n");
    }
    Files.writeString(corpus.resolve("a.jsonl"), lines);
    TinyRun broken = run.over(corpus);
    int kept = kept();
    assertThatThrownBy(broken::run)
        .satisfies(e -> assertThat(Failures.message(e)).contains("Cannot use row 17 of"));
    JsonNode sample = broken.stage("sample");
    assertThat(sample.path("status").asText()).isEqualTo("failed");
    assertThat(sample.path("error").asText())
        .startsWith("Cannot use row 17 of file:" + corpus + "/a.jsonl: column 'text' is null");
    assertThat(folder.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("proxy", "run.json");
    assertThat(RunStatus.of(broken.directory(), Stage.REPORT, null).problems().get(0))
        .startsWith("Stage sample failed: Cannot use row 17 of");
    assertThat(kept()).isLessThanOrEqualTo(kept);
  }

  /** What executors keep now, of this test and others. */
  private static int kept() {
    return TestSpark.session().sparkContext().getPersistentRDDs().size();
  }

  @Test
  void aFailedAttemptKeepsTheRecordsOfWhatIsIntact() {
    run.run();
    assertThatThrownBy(() -> run.with("sample.windows-per-domain", "100000").resume())
        .hasMessageContaining("Cannot sample domain 'code'");
    assertThat(run.statuses())
        .containsEntry("train", "reused")
        .containsEntry("sample", "failed")
        .containsEntry("embed", "stale")
        .containsEntry("report", "stale");
    List<String> problems = RunStatus.of(run.directory(), Stage.REPORT, null).problems();
    assertThat(problems).hasSize(5);
    assertThat(problems.get(1))
        .isEqualTo("Stage embed has not ended: what is there was made by an earlier attempt.");
    run.resume();
    assertThat(run.statuses()).values().containsOnly("reused");
    assertThat(run.stage("sample").has("error")).isFalse();
    assertThat(run.problems()).isEmpty();
  }

  @Test
  void whatNoLongerHoldsIsNeitherVerifiedNorMaterializedNorCompared() {
    run.run();
    run.with("mixture.objective", "finetune").run(Existing.RESUME, Stage.MIX);
    assertThat(run.statuses()).containsEntry("mix", "done").containsEntry("plan", "stale");
    assertThat(run.problems())
        .containsExactly(
            "plan is of an earlier configuration or attempt.",
            "report is of an earlier configuration or attempt.");
    assertThatThrownBy(
            () -> new Materialization(TestSpark.session(), run.directory(), null).write("x", null))
        .hasMessageContaining("its stage plan was not made by its last attempt")
        .hasMessageContaining("--resume");
  }

  @Test
  void aStageThatIsNoLongerNeededIsNoProblem() {
    run.with("plan.count", "exact").run();
    run.resume();
    assertThat(run.problems()).isEmpty();
    assertThat(RunStatus.of(run.directory(), Stage.REPORT, null).problems()).isEmpty();
    assertThat(run.stage("count").path("status").asText()).isEqualTo("stale");
  }

  @Test
  void sampledWindowsAreReleased() {
    int kept = kept();
    run.training().run(Existing.REFUSE, Stage.SAMPLE);
    assertThat(kept()).isLessThanOrEqualTo(kept);
  }
}
