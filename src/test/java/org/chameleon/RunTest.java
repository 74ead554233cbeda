package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.Failures;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, with the reference checkpoint as the proxy. */
class RunTest {
  @TempDir private Path folder;

  @Test
  void partitionsAndShuffledInputDoNotMoveABit() {
    List<Row> rows = TinyCorpus.rows(40, 1);
    Path corpus = TinyCorpus.parquet(rows, folder.resolve("corpus"), 2);
    run(corpus, "two").with("embedding.partitions", "2").run();
    run(corpus, "seven").with("embedding.partitions", "7").run();
    assertSameBytes(
        "two",
        "seven",
        "mixture.json",
        "plan/manifest.json",
        "sample/domains.json",
        "report.html",
        "embedding/domains.parquet");
    for (String table : List.of("embedding/states", "embedding/samples", "sample/windows")) {
      assertThat(RunFiles.of(folder.resolve("two").resolve(table)))
          .hasSize(TinyCorpus.domains().size())
          .isEqualTo(RunFiles.of(folder.resolve("seven").resolve(table)));
    }
  }

  @Test
  void aTrainedProxyIsTheSameEveryTime() {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(40, 1), folder.resolve("corpus"), 3);
    run(corpus, "one").training().run();
    run(corpus, "two").training().with("embedding.partitions", "7").run();
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
  void theRecordSaysWhatTasksDid() {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 2);
    TinyRun run = run(corpus, "run").run(Existing.REFUSE, Stage.EMBED);
    JsonNode stages = run.json("run.json").get("stages");
    assertThat(stages.get("sample").get("bytesRead").asLong()).isPositive();
    assertThat(stages.get("sample").get("taskSeconds").asDouble()).isPositive();
    assertThat(stages.get("embed").get("windows").asLong()).isEqualTo(4 * 30);
    assertThat(stages.get("embed").get("tokens").asLong()).isEqualTo(4 * 30 * 24);
    assertThat(stages.get("embed").get("device").asText()).isIn("cpu", "gpu:0");
    assertThat(stages.get("embed").get("taskSeconds").asDouble()).isPositive();
  }

  @Test
  void oneDomainAndTwoRunWithAWarning() {
    List<Row> rows = new ArrayList<>(TinyCorpus.rows(20, 1));
    rows.removeIf(row -> !row.getString(0).equals("code") && !row.getString(0).equals("news"));
    JsonNode two =
        run(TinyCorpus.parquet(rows, folder.resolve("c2"), 1), "two").run().json("mixture.json");
    assertThat(two.get("domains").findValues("weight"))
        .extracting(JsonNode::asDouble)
        .containsExactly(0.5, 0.5);
    assertThat(two.get("warnings").get(0).get("code").asText()).isEqualTo("TWO_DOMAINS");
    rows.removeIf(row -> !row.getString(0).equals("code"));
    JsonNode one =
        run(TinyCorpus.parquet(rows, folder.resolve("c1"), 1), "one").run().json("mixture.json");
    assertThat(one.get("domains").get(0).get("weight").asDouble()).isEqualTo(1.0);
  }

  @Test
  void aDomainOfOneRowIsEnoughIfItIsLong() {
    List<Row> rows = new ArrayList<>(TinyCorpus.rows(20, 1));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("word").append(i).append(' ');
    }
    rows.add(RowFactory.create("single", text.toString()));
    TinyRun run = run(TinyCorpus.parquet(rows, folder.resolve("corpus"), 1), "run").run();
    JsonNode domains = run.json("sample/domains.json").get("domains");
    assertThat(domains.findValuesAsText("name"))
        .containsExactly("code", "news", "poems", "single", "sums");
    assertThat(domains.get(3).get("rows").asLong()).isEqualTo(1);
  }

  @Test
  void embeddingsMadeElsewhereNeedNoProxy() {
    JsonNode golden = Reference.json("gpt2.golden.json");
    List<Row> rows = new ArrayList<>();
    double[][] means = Reference.matrix(golden.get("means"));
    for (int i = 0; i < means.length; i++) {
      rows.add(RowFactory.create(golden.get("domains").get(i).asText(), means[i]));
    }
    TestSpark.session()
        .createDataFrame(rows, StructType.fromDDL("domain string, embedding array<double>"))
        .write()
        .parquet(folder + "/embeddings");
    TinyRun run =
        TinyRun.into(folder.resolve("from"))
            .with("embedding.from", folder + "/embeddings")
            .with("mixture", "{ lambda = 10, lambda-mode = absolute }")
            .with("mixture.temperature-mode", "absolute")
            .with("mixture.max-ratio", "none")
            .with("plan.tokens", "1000")
            .run();
    double[] weights =
        Reference.numbers(
            new ObjectMapper()
                .valueToTree(run.json("mixture.json").get("domains").findValues("weight")));
    assertThat(weights).containsExactly(Reference.numbers(golden.get("pretrain")), within(1e-10));
    assertThat(run.json("plan/manifest.json").get("domains").get(0).get("epochs").isNull())
        .isTrue();
  }

  @Test
  void tokenIdsAreSampledAsTheyAre() {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(1);
    for (String domain : List.of("a", "b", "c")) {
      for (int i = 0; i < 20; i++) {
        rows.add(RowFactory.create(domain, random.ints(50, 0, 512).toArray()));
      }
    }
    var schema = StructType.fromDDL("domain string, ids array<int>");
    TestSpark.session().createDataFrame(rows, schema).coalesce(1).write().parquet(folder + "/ids");
    TinyRun run = run(folder.resolve("ids"), "run").with("corpus.tokens-column", "ids").run();
    assertThat(run.json("mixture.json").get("domains")).hasSize(3);
    rows.add(RowFactory.create("c", random.ints(500, 512, 600).toArray()));
    TestSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .parquet(folder + "/beyond");
    assertThatThrownBy(() -> run.over(folder.resolve("beyond")).to(folder.resolve("run2")).run())
        .satisfies(
            e -> assertThat(Failures.message(e)).contains("the proxy has a vocabulary of 512"));
  }

  private void assertSameBytes(String run, String other, String... names) {
    for (String name : names) {
      assertThat(folder.resolve(other).resolve(name))
          .hasSameBinaryContentAs(folder.resolve(run).resolve(name));
    }
  }

  private TinyRun run(Path corpus, String output) {
    return TinyRun.into(folder.resolve(output)).over(corpus);
  }
}
