package org.chameleon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;

/** How counts stand in {@code run.json}. */
class CountsTest {
  private static final Counts ALL =
      Counts.NONE
          .with(Counts.DOMAINS, 4L)
          .with(Counts.WINDOWS, 8192L)
          .with(Counts.TOKENS, 5_000_000_000L)
          .with(Counts.BYTES_READ, 1L << 40)
          .with(Counts.PARAMETERS, 2_000_000L)
          .with(Counts.FLOPS, 6e16)
          .with(Counts.DEVICE, "gpu:0")
          .with(Counts.PRECISION, "bfloat16")
          .with(Counts.TASK_SECONDS, 2.0)
          .with(Counts.GPUS, new TreeSet<>(List.of("executor 2: gpu 0", "executor 1: gpu 1")));

  @Test
  void countsStandBesideTheOtherFieldsInTheOrderOfNames() {
    assertThat(Json.text(record(ALL)))
        .isEqualTo(
            """
            {
              "bytesRead" : 1099511627776,
              "device" : "gpu:0",
              "domains" : 4,
              "error" : "it broke",
              "files" : [ {
                "bytes" : 3,
                "path" : "sample/domains.json",
                "sha256" : "00ff"
              }, {
                "bytes" : 9,
                "path" : "sample/windows/part-00000.parquet",
                "rows" : 2,
                "sha256" : "11ff"
              } ],
              "fingerprint" : "f1",
              "flops" : 6.0E16,
              "gpus" : [ "executor 1: gpu 1", "executor 2: gpu 0" ],
              "mayPass" : true,
              "parameters" : 2000000,
              "precision" : "bfloat16",
              "seconds" : 1.5,
              "startedAt" : "2026-01-01T00:00:00Z",
              "status" : "failed",
              "taskSeconds" : 2.0,
              "tokens" : 5000000000,
              "windows" : 8192
            }
            """);
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    for (Counts counts : List.of(ALL, Counts.NONE, Counts.NONE.with(Counts.WINDOWS, 0L))) {
      StageRecord written = record(counts);
      assertThat(read(Json.text(written)))
          .usingRecursiveComparison()
          .withStrictTypeChecking()
          .ignoringFields("counts", "files")
          .isEqualTo(written);
      assertThat(read(Json.text(written)).files()).isEqualTo(written.files());
      assertThat(Json.text(read(Json.text(written)))).isEqualTo(Json.text(written));
    }
    Counts read = read(Json.text(record(ALL))).counts();
    for (Counts.Name<?> name :
        List.of(Counts.DOMAINS, Counts.TOKENS, Counts.FLOPS, Counts.DEVICE, Counts.GPUS)) {
      assertThat(read.value(name).map(Object.class::cast)).contains(ALL.value(name).orElseThrow());
    }
  }

  @Test
  void whatDoesNotApplyIsLeftOut() {
    Counts some = Counts.NONE.with(Counts.WINDOWS, 3L).with(Counts.DEVICE, null);
    assertThat(some.value(Counts.DEVICE)).isEmpty();
    assertThat(Json.text(record(some))).doesNotContain("device").doesNotContain("null");
    assertThat(Counts.NONE.value(Counts.WINDOWS)).isEmpty();
  }

  @Test
  void fieldsThatALaterVersionWroteAreLeftOut() {
    StageRecord read =
        read("{\"status\": \"done\", \"windows\": 3, \"newer\": 4, \"device\": null}");
    assertThat(read.status()).isEqualTo(StageRecord.Status.DONE);
    assertThat(read.counts().value(Counts.WINDOWS)).contains(3L);
    assertThat(read.counts().value(Counts.DEVICE)).isEmpty();
    assertThat(read.files()).isEmpty();
  }

  @Test
  void tasksTellWhatTheStageDidNotCount() {
    TaskMetrics unused = TaskMetrics.of(SmallRun.spark(), "counts");
    assertThat(ALL.withWork(unused).value(Counts.TASK_SECONDS)).contains(2.0);
    TaskMetrics metrics = TaskMetrics.of(SmallRun.spark(), "counts");
    metrics.start().done(5, 50);
    Counts worked = Counts.NONE.with(Counts.WINDOWS, 3L).withWork(metrics);
    assertThat(worked.value(Counts.WINDOWS)).contains(3L);
    assertThat(worked.value(Counts.TASK_SECONDS)).isPresent();
    assertThat(worked.value(Counts.BYTES_READ)).isEmpty();
    assertThat(worked.value(Counts.DEVICE)).isEmpty();
    metrics.computesOn("cpu", "float32");
    metrics.computesOn("gpu:0", "bfloat16");
    metrics.computesOn("cpu", "float32");
    assertThat(Counts.NONE.withWork(metrics).value(Counts.DEVICE)).contains("cpu, gpu:0");
    assertThat(Counts.NONE.withWork(metrics).value(Counts.PRECISION)).contains("bfloat16, float32");
  }

  private static StageRecord record(Counts counts) {
    return new StageRecord(
        StageRecord.Status.FAILED,
        "f1",
        "2026-01-01T00:00:00Z",
        1.5,
        List.of(
            new FileRecord("sample/domains.json", 3, "00ff", null),
            new FileRecord("sample/windows/part-00000.parquet", 9, "11ff", 2L)),
        "it broke",
        true,
        counts,
        new java.util.TreeMap<>());
  }

  private static StageRecord read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), StageRecord.class, "run.json");
  }
}
