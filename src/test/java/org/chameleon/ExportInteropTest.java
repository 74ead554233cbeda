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
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports and notebook, read by the programs that they are for. */
@Tag("interop")
class ExportInteropTest {
  @TempDir private static Path shared;

  private static JsonNode manifest;

  /** Sequences of one length, or documents in a fixed order: the shares come out as planned. */
  @ParameterizedTest
  @ValueSource(strings = {"megatron", "mosaic", "olmo-core", "trl"})
  void trainersRealiseThePlannedShares(String trainer) throws Exception {
    JsonNode drawn = draw("trainers", trainer);
    for (JsonNode domain : manifest.get("domains")) {
      double share = drawn.get("shares").get(domain.get("name").asText()).asDouble();
      assertThat(share)
          .as(drawn.toString())
          .isCloseTo(domain.get("weight").asDouble(), within(.01));
    }
  }

  @Test
  void grainRealisesThePlannedShares() throws Exception {
    JsonNode drawn = draw("data", "grain");
    for (JsonNode domain : manifest.get("domains")) {
      double share = drawn.get("shares").get(domain.get("name").asText()).asDouble();
      assertThat(share)
          .as(drawn.toString())
          .isCloseTo(domain.get("weight").asDouble(), within(.01));
    }
  }

  /** Documents drawn at random: as close as that many draws come. */
  @ParameterizedTest
  @CsvSource({"trainers,litdata", "trainers,llama-factory", "data,huggingface"})
  void trainersDrawThePlannedShares(String environment, String trainer) throws Exception {
    JsonNode drawn = draw(environment, trainer);
    for (JsonNode domain : manifest.get("domains")) {
      String name = domain.get("name").asText();
      double weight = domain.get("weight").asDouble();
      double error = weight * (1 - weight) / Math.sqrt(drawn.get("rows").get(name).asDouble());
      assertThat(drawn.get("shares").get(name).asDouble())
          .as(drawn.toString())
          .isCloseTo(weight, within(4 * error + .01));
    }
  }

  private static JsonNode draw(String environment, String trainer) throws Exception {
    return json(
        Python.lastLine(
            environment, "draw.py", trainer, shared.resolve("run"), shared.resolve("copies")));
  }

  /** A run over domains whose documents differ twentyfold in length, for all trainers. */
  @BeforeAll
  static void run() throws Exception {
    Map<String, int[]> documents =
        Map.of(
            "books",
            new int[] {150, 1200},
            "code",
            new int[] {600, 300},
            "poems",
            new int[] {3000, 60});
    StringBuilder domains = new StringBuilder();
    for (String domain : documents.keySet()) {
      Random random = new Random(domain.hashCode());
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < documents.get(domain)[0]; i++) {
        StringBuilder text = new StringBuilder(domain + " " + i);
        int words = (int) (documents.get(domain)[1] * random.nextDouble(.6, 1.4));
        for (int word = 0; word < words; word++) {
          text.append(' ').append(domain.charAt(random.nextInt(4))).append(random.nextInt(20));
        }
        rows.add(RowFactory.create(domain, text.toString()));
      }
      TestSpark.session()
          .createDataFrame(rows, TinyCorpus.SCHEMA)
          .repartition(2)
          .write()
          .parquet(shared + "/corpus/" + domain);
      domains.append("%s = \"%s/corpus/%s\", ".formatted(domain, shared, domain));
    }
    StringBuilder paths = new StringBuilder();
    Map.of(
            "megatron", "_text_document",
            "mosaic", "",
            "olmo-core", "/*.npy",
            "grain", "-*.array_record")
        .forEach(
            (trainer, end) ->
                paths.append(
                    "%s = \"%s/copies/%s/{domain}%s\", ".formatted(trainer, shared, trainer, end)));
    TinyRun.into(shared.resolve("run"))
        .with("corpus.domains", "{ " + domains + " }")
        .with("sample.windows-per-domain", "60")
        .with(
            "plan",
            """
            {
              sequence-length = 64, count = exact
              domains { poems { floor = 0.5 } }
              exports = [megatron, huggingface, mosaic, olmo-core, llama-factory, grain, litdata, trl]
              paths { %s }
            }
            """
                .formatted(paths))
        .run();
    manifest = json(Files.readString(shared.resolve("run/plan/manifest.json")));
  }

  @Test
  void theNotebookComputesTheSameWeights() throws Exception {
    Path executed = shared.resolve("executed.ipynb");
    String outputs =
        Python.lastLine(
            "data",
            "run_notebook.py",
            Path.of("notebooks/walkthrough.ipynb"),
            shared.resolve("run"),
            executed);
    assertThat(Integer.parseInt(outputs)).isGreaterThanOrEqualTo(4);
    assertThat(Files.readString(executed)).contains("same weights: True");
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}
