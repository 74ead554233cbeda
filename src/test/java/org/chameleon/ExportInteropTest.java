package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports and notebook, read by the programs that they are for. */
@Tag("interop")
class ExportInteropTest {
  @TempDir private Path folder;

  @Test
  void realLoadersDrawThePlannedSharesOfTokens() throws Exception {
    JsonNode manifest = run();
    Path exports = folder.resolve("run/plan/exports");
    JsonNode drawn =
        json(
            Python.lastLine(
                "data",
                "draw_huggingface.py",
                exports.resolve("huggingface.json"),
                exports.resolve("huggingface.md"),
                folder.resolve("run/proxy/tokenizer.json"),
                20_000));
    JsonNode blended =
        json(
            Python.lastLine(
                "data",
                "read_megatron.py",
                exports.resolve("megatron.txt"),
                exports.resolve("megatron.json"),
                100_000));
    for (JsonNode domain : manifest.get("domains")) {
      String name = domain.get("name").asText();
      double weight = domain.get("weight").asDouble();
      assertThat(drawn.get("shares").get(name).asDouble()).isCloseTo(weight, within(0.02));
      assertThat(drawn.get("rows").get(name).asLong())
          .isEqualTo(domain.get("availableRows").asLong());
      String path = "/tok/" + name + "_text_document";
      assertThat(blended.get("text").get(path).asDouble()).isCloseTo(weight, within(1e-4));
      assertThat(blended.get("json").get(path).asDouble()).isCloseTo(weight, within(1e-4));
    }
  }

  @Test
  void theNotebookComputesTheSameWeights() throws Exception {
    run();
    Path executed = folder.resolve("executed.ipynb");
    String outputs =
        Python.lastLine(
            "data",
            "run_notebook.py",
            Path.of("notebooks/walkthrough.ipynb"),
            folder.resolve("run"),
            executed);
    assertThat(Integer.parseInt(outputs)).isGreaterThanOrEqualTo(4);
    assertThat(Files.readString(executed)).contains("same weights: True");
  }

  /** A run over domains whose documents differ twentyfold in length, each in files of its own. */
  private JsonNode run() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (Row row : TinyCorpus.rows(400, 3)) {
      String text = row.getString(1);
      boolean brief = row.getString(0).equals("poems");
      rows.add(
          RowFactory.create(
              row.getString(0), brief ? text.substring(0, text.length() / 20 + 1) : text));
    }
    TestSpark.session()
        .createDataFrame(rows, TinyCorpus.SCHEMA)
        .selectExpr("domain", "domain as folder", "text")
        .repartition(1)
        .write()
        .partitionBy("folder")
        .parquet(folder + "/corpus");
    Path config = folder.resolve("run.conf");
    StringBuilder domains = new StringBuilder();
    for (String domain : TinyCorpus.domains()) {
      try (Stream<Path> files = Files.list(folder.resolve("corpus/folder=" + domain))) {
        Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
        Path moved = folder.resolve(domain + ".parquet");
        Files.move(file, moved);
        domains.append(domain).append(" = \"").append(moved).append("\", ");
      }
    }
    Files.writeString(
        config,
        """
        chameleon {
          output = "%s/run"
          corpus { domains { %s } }
          sample { windows-per-domain = 60, window-tokens = 24 }
          proxy { checkpoint = "%s" }
          plan { paths { megatron = "/tok/{domain}_text_document" } }
        }
        """
            .formatted(folder, domains, Reference.path("gpt2")));
    RunConfig run = RunConfig.load(config.toString(), Map.of(), new Configuration());
    TestRun.run(run, Stage.REPORT);
    return json(Files.readString(folder.resolve("run/plan/manifest.json")));
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}
