package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.TinyRun;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.Verdict;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at runs and executors: status, diff, publish and doctor. */
class RunsSeenFromOutsideTest {
  private static final StructType SAMPLES =
      new StructType()
          .add("domain", DataTypes.StringType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  @TempDir private Path folder;

  @Test
  void diffTellsWhatMovedAndWhichSettingsDiffer() throws IOException {
    run("a", List.of("art", "law", "sea"), "plan.sequence-length=2048");
    run("b", List.of("art", "law", "sky"), "mixture.max-ratio=2");
    Outcome diff = diff("a", "b");
    assertThat(diff.code()).isZero();
    assertThat(diff.out())
        .contains("come: sky", "gone: sea", "differs: mixture.max-ratio: 4.0 -> 2.0")
        .doesNotContain("differs: output");
    run("c", List.of("articles about law and the sea"));
    Outcome longNamed = diff("a", "c");
    assertThat(longNamed.out())
        .contains("largest change +100.00 points ('articles about law and …')")
        .contains("come: articles about law and the sea");
    assertThat((diff.out() + longNamed.out()).lines())
        .allMatch(line -> line.length() <= 80 || line.contains("embedding.from"));
  }

  @Test
  void diffTellsThatOneOfTwoPlansHasEvidence() throws IOException {
    run("a", List.of("art", "law", "sea"));
    run("b", List.of("art", "law", "sea"));
    assertThat(diff("a", "b").out()).doesNotContain("evidence:");
    Path manifest = folder.resolve("b/plan/manifest.json");
    String found =
        Json.text(new Evidence("computed", Verdict.WORSE, "uniform", .02, .01, .03, "uniform"));
    Files.writeString(
        manifest,
        Files.readString(manifest).replace("\"evidence\" : null", "\"evidence\" : " + found));
    assertThat(diff("a", "b").out())
        .contains(
            """
            evidence: none -> computed shown to be worse than uniform (+0.0200 bits per
                      byte, +0.0100 to +0.0300)
            """);
  }

  @Test
  void diffTellsHowFarTwoProxiesAgree() throws IOException {
    TinyRun given = TinyRun.withCorpus(folder).run(Existing.REFUSE, Stage.MIX);
    TinyRun trained = given.training().to(folder.resolve("trained"));
    trained.run(Existing.REFUSE, Stage.MIX);
    Outcome diff = diff("run", "trained");
    assertThat(diff.code()).as(diff.err()).isZero();
    assertThat(diff.out())
        .containsPattern("(?m)^largest change [+-]\\d+\\.\\d\\d points")
        .containsPattern("(?m)^rank correlation -?[01]\\.\\d{3} over 4 common domains$")
        .containsPattern(
            "(?m)^other proxy: gpt2 \\d+\\.\\d MB \\p{XDigit}{8} -> gpt2 \\d+\\.\\d MB \\p{XDigit}{8}$");
    assertThat(diff.out().lines())
        .allMatch(line -> line.length() <= 80 || line.startsWith("differs: "));
    JsonNode json = new ObjectMapper().readTree(diff("run", "trained", "--json").out());
    assertThat(json.get("rankCorrelation").asDouble()).isBetween(-1.0, 1.0);
    assertThat(json.at("/proxies/before/type").asText()).isEqualTo("gpt2");
    assertThat(json.at("/proxies/before/sha256")).isNotEqualTo(json.at("/proxies/after/sha256"));
    assertThat(diff("run", "run").out())
        .contains("rank correlation 1.000 over 4 common domains")
        .doesNotContain("other proxy");
    run("external", List.of("code", "news", "art"));
    assertThat(diff("run", "external").out())
        .contains("rank correlation - over 2 common domains")
        .containsPattern("(?m)^other proxy: gpt2 .* -> none \\(embedding.from\\)$");
  }

  @Test
  void aChangeThatIsTooLargeExitsWithOne() throws IOException {
    run("a", List.of("art", "law", "sea"));
    run("b", List.of("art", "law", "sky"));
    assertThat(diff("a", "a", "--max-change", "0").code()).isZero();
    Outcome refused = diff("a", "b", "--max-change", "0.05");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("points, more than --max-change = +5.00 allows.");
    JsonNode json = new ObjectMapper().readTree(diff("a", "b", "--json").out());
    double largest = 0;
    for (JsonNode domain : json.get("domains")) {
      largest = Math.max(largest, Math.abs(domain.get("change").asDouble()));
    }
    assertThat(json.get("largestChange").asDouble()).isEqualTo(largest).isGreaterThan(0.05);
    assertThat(json.get("come").get(0).asText()).isEqualTo("sky");
  }

  @Test
  void theGateLooksAtTheWeightsThatTrainersAreToldOf() throws IOException {
    run("a", List.of("art", "law", "sea"));
    run("b", List.of("art", "law", "sea"), "plan.domains.art.ceiling=0.03");
    Outcome refused = diff("a", "b", "--max-change", "0.05");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("The planned weight of 'art' moved by -");
    assertThat(refused.out())
        .contains("compared are the planned weights")
        .containsPattern("(?m)^art +(\\d+\\.\\d\\d) +3.00 +\\1 +\\1 +-");
    assertThat(refused.out().lines())
        .allMatch(line -> line.length() <= 80 || line.contains("embedding.from"));
    JsonNode art =
        new ObjectMapper().readTree(diff("a", "b", "--json").out()).get("domains").get(0);
    assertThat(art.get("after").asDouble()).isEqualTo(0.03);
    assertThat(art.at("/planned/after").asDouble()).isEqualTo(0.03);
    assertThat(art.at("/computed/after")).isEqualTo(art.at("/computed/before"));
    run("c", List.of("art", "law", "sea"), "plan.domains.art.ceiling=0.03", "--until", "mix");
    Outcome computed = diff("a", "c", "--max-change", "0");
    assertThat(computed.code()).isZero();
    assertThat(computed.out())
        .contains("compared are the computed weights: a run has no plan of its configuration");
  }

  @Test
  void publishingNamesTheRunAndTheNextIsComparedWithIt() throws IOException {
    run("a", List.of("art", "law", "sea"));
    run("b", List.of("art", "law", "sky"));
    String[] gate = {
      "diff", "--published", folder.toString(), "--run", folder + "/b", "--max-change", "0.05"
    };
    Outcome first = Outcome.of(gate);
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("Nothing is published in " + folder + " yet.");
    Outcome published = Outcome.of("publish", "--run", folder + "/a", "--to", folder.toString());
    assertThat(published.code()).as(published.err()).isZero();
    JsonNode latest = new ObjectMapper().readTree(folder.resolve("latest.json").toFile());
    assertThat(latest).isEqualTo(new ObjectMapper().readTree(published.out()));
    assertThat(latest.get("run").asText()).isEqualTo("file:" + folder + "/a");
    assertThat(latest.get("manifest").asText())
        .isEqualTo("file:" + folder + "/a/plan/manifest.json");
    assertThat(latest.get("weightsSha256").asText()).matches("[0-9a-f]{64}");
    assertThat(Outcome.of(gate).code()).isEqualTo(1);
  }

  @Test
  void aRunWithoutEvidenceIsNotPublishedWhereItIsRequired() throws IOException {
    run("a", List.of("art", "law", "sea"));
    String[] publish = {
      "publish", "--run", folder + "/a", "--to", folder.toString(), "--require-evidence"
    };
    Outcome refused = Outcome.of(publish);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("its mixture has not been evaluated", "--require-evidence");
    assertThat(folder.resolve("latest.json")).doesNotExist();
  }

  @Test
  void aRunThatIsNotCompleteIsNotPublished() throws IOException {
    run("a", List.of("art", "law", "sea"), "--until", "mix");
    Outcome refused = Outcome.of("publish", "--run", folder + "/a", "--to", folder.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("Cannot publish", "Stage plan has not ended.");
    run("b", List.of("art", "law", "sea"));
    Files.writeString(folder.resolve("b/plan/manifest.json"), "{}");
    Outcome changed = Outcome.of("publish", "--run", folder + "/b", "--to", folder.toString());
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.err()).contains("plan/manifest.json has 2 bytes");
    assertThat(folder.resolve("latest.json")).doesNotExist();
  }

  @Test
  void wrongUseOfDiffIsTwo() {
    assertThat(Outcome.of("diff", "--run", "a").code()).isEqualTo(2);
    assertThat(Outcome.of("diff", "--run", "a", "--run", "b", "--max-change", "5").code())
        .isEqualTo(2);
  }

  @Test
  void whatIsNoRunCannotBeCompared() throws IOException {
    run("a", List.of("art", "law", "sea"));
    Outcome refused = diff("a", "none");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("it has no run.json");
  }

  @Test
  void statusIsZeroOnlyForTheSubmissionThatWroteAllStages() throws IOException {
    run("a", List.of("art", "law", "sea"));
    String output = folder.resolve("a").toString();
    Outcome status = Outcome.of("status", "--run", output);
    assertThat(status.code()).isZero();
    assertThat(status.out()).containsPattern("(?m)^report +done");
    Outcome other = Outcome.of("status", "--run", output, "--run-id", "tonight");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("not by 'tonight', which ended before it wrote run.json");
    Outcome none = Outcome.of("status", "--run", folder + "/none");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("There is no run in");
    assertThat(
            Outcome.of(
                    "status", "--config", folder + "/a.conf", "--output", output, "--run-id", "a")
                .code())
        .isZero();
  }

  @Test
  void statusOfARunThatStoppedEarlyNamesWhatIsMissing() throws IOException {
    run("a", List.of("art", "law", "sea"), "mixture.lambda=0.3", "--until", "mix");
    Outcome status = Outcome.of("status", "--run", folder + "/a");
    assertThat(status.code()).isEqualTo(1);
    assertThat(status.err()).contains("Stage plan has not ended.", "Stage report has not ended.");
    assertThat(Outcome.of("status", "--run", folder + "/a", "--until", "mix").code()).isZero();
  }

  @Test
  void statusSaysWhetherTryingAgainCanHelp() throws IOException {
    Path config = folder.resolve("gone.conf");
    Files.writeString(
        config,
        "chameleon { embedding.from = \"%s/gone/*.parquet\", output = \"%s/gone-run\" }"
            .formatted(folder, folder));
    Outcome run = Outcome.of("run", "--config", config.toString(), "--run-id", "tonight");
    assertThat(run.code()).isEqualTo(1);
    String[] status = {"status", "--config", config.toString(), "--resume", "--run-id", "tonight"};
    assertThat(Outcome.of(status).code()).isEqualTo(1);
    assertThat(Outcome.of(status).err())
        .contains("Stage embed failed: Cannot read embeddings from")
        .contains("Trying again cannot help: it would fail again.");
    status[5] = "tomorrow";
    assertThat(Outcome.of(status).err()).doesNotContain("Trying again");
  }

  @Test
  void doctorReportsThisMachine() {
    Outcome doctor = Outcome.of("doctor");
    assertThat(doctor.out())
        .contains("executor driver on", "PyTorch 2.", "none given to the task")
        .containsPattern("device +(cpu|gpu:0) (float32|bfloat16)");
    assertThat(doctor.out().lines())
        .allMatch(line -> line.length() <= 80 || line.contains("problem"));
  }

  @Test
  void doctorSaysThatAGpuIsMissing() throws IOException {
    Path config = folder.resolve("gpu.conf");
    Files.writeString(
        config,
        "chameleon { output = none/run, corpus.path = none, embedding.from = x, embedding.device = \"gpu:7\" }");
    Outcome doctor = Outcome.of("doctor", "--config", config.toString());
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out())
        .contains("problem: executor driver on")
        .contains("Cannot compute on a GPU: embedding.device is gpu:7");
  }

  private Outcome diff(String before, String after, String... more) {
    List<String> arguments = new ArrayList<>(List.of("diff"));
    arguments.addAll(List.of("--run", folder.resolve(before).toString()));
    arguments.addAll(List.of("--run", folder.resolve(after).toString()));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private void run(String name, List<String> domains, String... more) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String domain : domains) {
      java.util.Random random = new java.util.Random(domain.hashCode());
      for (int i = 0; i < 5; i++) {
        rows.add(
            RowFactory.create(
                domain,
                List.of(
                    (float) random.nextGaussian(),
                    (float) random.nextGaussian(),
                    (float) random.nextGaussian())));
      }
    }
    TestSpark.session()
        .createDataFrame(rows, SAMPLES)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.resolve(name + "-samples").toString());
    Path config = folder.resolve(name + ".conf");
    Files.writeString(
        config,
        "chameleon { embedding.from = \"%s/*.parquet\", plan.exports = [] }"
            .formatted(folder.resolve(name + "-samples")));
    List<String> arguments =
        new ArrayList<>(
            List.of("run", "--config", config.toString(), "--output", folder + "/" + name));
    arguments.addAll(List.of("--run-id", name));
    for (String setting : more) {
      if (setting.contains("=")) {
        arguments.add("--set");
      }
      arguments.add(setting);
    }
    Outcome outcome = Outcome.of(arguments.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }
}
