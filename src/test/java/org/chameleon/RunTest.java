package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.chameleon.config.InvalidInputException;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, with the reference checkpoint as the proxy. */
class RunTest {
  @TempDir private Path folder;

  @Test
  void partitionsAndShuffledInputDoNotMoveABit() throws IOException {
    List<Row> rows = TinyCorpus.rows(40, 1);
    Path corpus = TinyCorpus.parquet(rows, folder.resolve("corpus"), 2);
    run(corpus, "two", Map.of("embedding.partitions", "2"));
    run(corpus, "seven", Map.of("embedding.partitions", "7"));
    assertSameBytes(
        "two",
        "seven",
        "mixture.json",
        "plan/manifest.json",
        "sample/domains.json",
        "report.html",
        "embedding/domains.parquet",
        "embedding/samples/part-00000.parquet",
        "sample/windows/part-00000.parquet");
  }

  @Test
  void aTrainedProxyIsTheSameEveryTime() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(40, 1), folder.resolve("corpus"), 3);
    Map<String, String> training =
        Map.of(
            "proxy.checkpoint", "none",
            "proxy.train", "{ vocabulary = 300, layers = 2, width = 32, heads = 2, context = 32 }",
            "training.steps", "30");
    Map<String, String> again = new HashMap<>(training);
    again.put("embedding.partitions", "7");
    run(corpus, "one", training);
    run(corpus, "two", again);
    assertSameBytes(
        "one",
        "two",
        "proxy/model.safetensors",
        "proxy/tokenizer.json",
        "proxy/training.json",
        "mixture.json",
        "plan/manifest.json");
  }

  @Test
  void aSecondRunReusesAllAndAChangeRunsOnlyWhatDependsOnIt() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(30, 1), folder.resolve("corpus"), 1);
    run(corpus, "run", Map.of());
    byte[] before = Files.readAllBytes(folder.resolve("run/mixture.json"));
    run(corpus, "run", Map.of(), Existing.RESUME, Stage.REPORT);
    assertThat(statuses("run"))
        .containsOnly(
            Map.entry("train", "reused"),
            Map.entry("sample", "reused"),
            Map.entry("embed", "reused"),
            Map.entry("mix", "reused"),
            Map.entry("plan", "reused"),
            Map.entry("report", "reused"));
    assertThat(folder.resolve("run/mixture.json")).hasBinaryContent(before);
    run(corpus, "run", Map.of("mixture.objective", "finetune"), Existing.RESUME, Stage.REPORT);
    assertThat(statuses("run"))
        .containsOnly(
            Map.entry("train", "reused"),
            Map.entry("sample", "reused"),
            Map.entry("embed", "reused"),
            Map.entry("mix", "done"),
            Map.entry("plan", "done"),
            Map.entry("report", "done"));
    Files.delete(folder.resolve("run/embedding/domains.parquet"));
    run(corpus, "run", Map.of("mixture.objective", "finetune"), Existing.RESUME, Stage.REPORT);
    assertThat(statuses("run")).containsEntry("embed", "done").containsEntry("sample", "reused");
  }

  @Test
  void aRunStopsWhereItIsTold() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(30, 1), folder.resolve("corpus"), 1);
    run(corpus, "run", Map.of(), Existing.REFUSE, Stage.SAMPLE);
    assertThat(statuses("run")).containsOnlyKeys("train", "sample");
    assertThat(folder.resolve("run/embedding")).doesNotExist();
    run(corpus, "run", Map.of(), Existing.RESUME, Stage.REPORT);
    assertThat(statuses("run")).containsEntry("sample", "reused").containsEntry("report", "done");
  }

  @Test
  void anOutputThatExistsIsKeptUnlessItIsToBeOverwritten() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(30, 1), folder.resolve("corpus"), 1);
    run(corpus, "run", Map.of(), Existing.REFUSE, Stage.TRAIN);
    assertThatThrownBy(() -> run(corpus, "run", Map.of()))
        .hasMessage(
            "Cannot write to file:"
                + folder
                + "/run: it exists. Give --resume to keep what still holds, --overwrite to start over, or another --output.");
    run(corpus, "run", Map.of(), Existing.OVERWRITE, Stage.TRAIN);
    assertThat(statuses("run")).containsOnly(Map.entry("train", "done"));
    Files.writeString(folder.resolve("precious.txt"), "mine");
    assertThatThrownBy(() -> run(corpus, "", Map.of(), Existing.OVERWRITE, Stage.TRAIN))
        .hasMessageContaining("it exists and is not a run (it has no run.json)");
    assertThat(folder.resolve("precious.txt")).exists();
    Path hidden = Files.createDirectories(folder.resolve("hidden/.git"));
    assertThatThrownBy(() -> run(corpus, "hidden", Map.of(), Existing.OVERWRITE, Stage.TRAIN))
        .hasMessageContaining("it exists and is not a run (it has no run.json)");
    assertThat(hidden).exists();
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefused() throws IOException {
    Path file = folder.resolve("file");
    Files.writeString(file, "not a folder");
    assertThatThrownBy(
            () -> RunDirectory.prepare(file + "/run", Existing.REFUSE, new Configuration()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Cannot write to file:" + file + "/run")
        .hasMessageContaining("Give an --output that can be written.");
  }

  @Test
  void theRecordSaysWhatTasksDid() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 2);
    run(corpus, "run", Map.of(), Existing.REFUSE, Stage.EMBED);
    JsonNode stages = json("run/run.json").get("stages");
    assertThat(stages.get("sample").get("bytesRead").asLong()).isPositive();
    assertThat(stages.get("sample").get("taskSeconds").asDouble()).isPositive();
    assertThat(stages.get("embed").get("windows").asLong()).isEqualTo(4 * 30);
    assertThat(stages.get("embed").get("tokens").asLong()).isEqualTo(4 * 30 * 24);
    assertThat(stages.get("embed").get("device").asText()).isIn("cpu", "gpu:0");
    assertThat(stages.get("embed").get("taskSeconds").asDouble()).isPositive();
  }

  @Test
  void anOutputThatAnotherRunWritesIsRefused() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 1);
    String output = folder.resolve("run").toString();
    try (RunDirectory other = RunDirectory.prepare(output, Existing.RESUME, new Configuration())) {
      assertThatThrownBy(() -> run(corpus, "run", Map.of(), Existing.RESUME, Stage.SAMPLE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("Cannot write to " + other + ": another run is writing it (process")
          .hasMessageContaining("Let it end, or give another --output.");
    }
    assertThat(folder.resolve("run")).doesNotExist();
    run(corpus, "run", Map.of(), Existing.RESUME, Stage.SAMPLE);
    assertThat(folder.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("proxy", "run.json", "sample");
  }

  @Test
  void whatARunThatWasKilledLeftInStagingIsCleared() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 1);
    Files.createDirectories(folder.resolve("run/.staging-1/sample/windows"));
    Files.writeString(folder.resolve("run/.staging-1-run.json"), "{");
    run(corpus, "run", Map.of(), Existing.REFUSE, Stage.SAMPLE);
    assertThat(folder.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("proxy", "run.json", "sample");
  }

  @Test
  void aFailureIsRecordedAndLeavesNothingHalfWritten() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(2, 1), folder.resolve("corpus"), 1);
    assertThatThrownBy(() -> run(corpus, "run", Map.of("sample.windows-per-domain", "100000")))
        .satisfies(
            e -> assertThat(Failures.message(e)).startsWith("Cannot sample domain 'code': "));
    JsonNode sample = json("run/run.json").get("stages").get("sample");
    assertThat(sample.get("status").asText()).isEqualTo("failed");
    assertThat(sample.get("error").asText()).startsWith("Cannot sample domain 'code': ");
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("proxy", "run.json");
    }
  }

  @Test
  void oneDomainAndTwoRunWithAWarning() throws IOException {
    List<Row> rows = new ArrayList<>(TinyCorpus.rows(20, 1));
    rows.removeIf(row -> !row.getString(0).equals("code") && !row.getString(0).equals("news"));
    run(TinyCorpus.parquet(rows, folder.resolve("c2"), 1), "two", Map.of());
    JsonNode two = json("two/mixture.json");
    assertThat(two.get("domains").findValues("weight"))
        .extracting(JsonNode::asDouble)
        .containsExactly(0.5, 0.5);
    assertThat(two.get("warnings").get(0).get("code").asText()).isEqualTo("TWO_DOMAINS");
    rows.removeIf(row -> !row.getString(0).equals("code"));
    run(TinyCorpus.parquet(rows, folder.resolve("c1"), 1), "one", Map.of());
    assertThat(json("one/mixture.json").get("domains").get(0).get("weight").asDouble())
        .isEqualTo(1.0);
  }

  @Test
  void aDomainOfOneRowIsEnoughIfItIsLong() throws IOException {
    List<Row> rows = new ArrayList<>(TinyCorpus.rows(20, 1));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("word").append(i).append(' ');
    }
    rows.add(RowFactory.create("single", text.toString()));
    run(TinyCorpus.parquet(rows, folder.resolve("corpus"), 1), "run", Map.of());
    JsonNode domains = json("run/sample/domains.json").get("domains");
    assertThat(domains.findValuesAsText("name"))
        .containsExactly("code", "news", "poems", "single", "sums");
    assertThat(domains.get(3).get("rows").asLong()).isEqualTo(1);
  }

  @Test
  void embeddingsMadeElsewhereNeedNoProxy() throws IOException {
    JsonNode golden = Reference.json("gpt2.golden.json");
    List<Row> rows = new ArrayList<>();
    double[][] means = Reference.matrix(golden.get("means"));
    for (int i = 0; i < means.length; i++) {
      rows.add(RowFactory.create(golden.get("domains").get(i).asText(), means[i]));
    }
    TestSpark.session()
        .createDataFrame(
            rows,
            org.apache.spark.sql.types.StructType.fromDDL("domain string, embedding array<double>"))
        .write()
        .parquet(folder + "/embeddings");
    Path config = folder.resolve("from.conf");
    Files.writeString(
        config,
        """
        include required(file("%s/conf/pretrain.conf"))
        chameleon { output = "%s/from", embedding.from = "%s/embeddings", plan { tokens = 1000 } }
        """
            .formatted(Path.of("").toAbsolutePath(), folder, folder));
    RunConfig run = RunConfig.load(config.toString(), Map.of(), new Configuration());
    TestRun.run(run, Stage.REPORT);
    double[] weights =
        Reference.numbers(
            new ObjectMapper()
                .valueToTree(json("from/mixture.json").get("domains").findValues("weight")));
    assertThat(weights).containsExactly(Reference.numbers(golden.get("pretrain")), within(1e-10));
    assertThat(json("from/plan/manifest.json").get("domains").get(0).get("epochs").isNull())
        .isTrue();
  }

  @Test
  void tokenIdsAreSampledAsTheyAre() throws IOException {
    List<Row> rows = new ArrayList<>();
    java.util.Random random = new java.util.Random(1);
    for (String domain : List.of("a", "b", "c")) {
      for (int i = 0; i < 20; i++) {
        rows.add(RowFactory.create(domain, random.ints(50, 0, 512).toArray()));
      }
    }
    var schema = org.apache.spark.sql.types.StructType.fromDDL("domain string, ids array<int>");
    TestSpark.session().createDataFrame(rows, schema).coalesce(1).write().parquet(folder + "/ids");
    run(folder.resolve("ids"), "run", Map.of("corpus.tokens-column", "ids"));
    assertThat(json("run/mixture.json").get("domains")).hasSize(3);
    rows.add(RowFactory.create("c", random.ints(500, 512, 600).toArray()));
    TestSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .parquet(folder + "/beyond");
    assertThatThrownBy(
            () -> run(folder.resolve("beyond"), "run2", Map.of("corpus.tokens-column", "ids")))
        .satisfies(
            e -> assertThat(Failures.message(e)).contains("the proxy has a vocabulary of 512"));
  }

  @Test
  void verifyNamesWhatIsNotAsItWasWritten() throws IOException {
    run(TinyCorpus.parquet(TinyCorpus.rows(30, 1), folder.resolve("corpus"), 1), "run", Map.of());
    String run = folder + "/run";
    assertThat(TestRun.problems(run)).isEmpty();
    assertThat(verifier.files()).isGreaterThan(10);
    Path mixture = folder.resolve("run/mixture.json");
    Files.writeString(mixture, Files.readString(mixture).replaceFirst("0\\.1", "0.2"));
    Files.delete(folder.resolve("run/plan/exports/megatron.txt"));
    Files.writeString(folder.resolve("run/plan/stray"), "x");
    assertThat(TestRun.problems(run))
        .containsExactlyInAnyOrder(
            "mixture.json was changed: its SHA-256 is another.",
            "plan/exports/megatron.txt is missing.",
            "plan/stray was not written by the run.");
  }

  private void assertSameBytes(String run, String other, String... names) {
    for (String name : names) {
      assertThat(folder.resolve(other).resolve(name))
          .hasSameBinaryContentAs(folder.resolve(run).resolve(name));
    }
  }

  private void run(Path corpus, String output, Map<String, String> settings) throws IOException {
    run(corpus, output, settings, Existing.REFUSE, Stage.REPORT);
  }

  private void run(
      Path corpus, String output, Map<String, String> settings, Existing existing, Stage until)
      throws IOException {
    Path config = folder.resolve("run.conf");
    Files.writeString(
        config,
        """
        chameleon {
          corpus { path = "%s" }
          sample { windows-per-domain = 30, window-tokens = 24 }
          proxy { checkpoint = "%s" }
          embedding { batch-tokens = 100 }
          plan { paths { megatron = "/data/{domain}", huggingface = "/data/{domain}.parquet" } }
        }
        """
            .formatted(corpus, Reference.path("gpt2")));
    Map<String, String> all = new HashMap<>(settings);
    all.put("output", folder.resolve(output).toString());
    RunConfig run = RunConfig.load(config.toString(), all, new Configuration());
    TestRun.run(run, existing, until);
  }

  private Map<String, String> statuses(String run) throws IOException {
    Map<String, String> statuses = new HashMap<>();
    json(run + "/run.json")
        .get("stages")
        .fields()
        .forEachRemaining(e -> statuses.put(e.getKey(), e.getValue().get("status").asText()));
    return statuses;
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).toFile());
  }
}
