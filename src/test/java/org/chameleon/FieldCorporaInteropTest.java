package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.Failures;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Corpora, checkpoints and embeddings as people have them, made by the libraries that they use:
 * rows and tokens are those that these libraries count, and what is wrong is refused by name.
 */
@Tag("interop")
class FieldCorporaInteropTest {
  private static final String SCRIPT = "make_corpora.py";
  private static final Path CHECKPOINT =
      Path.of("src/test/resources/reference/gpt2").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  @BeforeAll
  static void make() throws Exception {
    Python.lastLine("data", SCRIPT, "make", folder.resolve("cases"), CHECKPOINT);
  }

  static List<String> cases() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("cases"))) {
      return all.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachIsReadRightOrRefused(String name) throws Exception {
    Path one = folder.resolve("cases").resolve(name);
    JsonNode expected = JSON.readTree(one.resolve("expected.json").toFile());
    boolean counts = Files.readString(one.resolve("run.conf")).contains("count = exact");
    boolean whole =
        counts || !expected.has("domains") || name.matches("(gpt2|odd_domain|card|parquet_zero).*");
    Path output = folder.resolve("out [1] {a} ").resolve(name);
    String refusal = run(one.resolve("run.conf"), output, whole ? Stage.REPORT : Stage.SAMPLE);
    if (expected.has("error")) {
      assertThat(refusal).isNotNull().doesNotContain("Exception").doesNotContain("\n");
      expected.get("error").forEach(word -> assertThat(refusal).contains(word.asText()));
      JsonNode record = JSON.readTree(output.resolve("run.json").toFile());
      assertThat(record.get("stages").findValuesAsText("status")).contains("failed");
      return;
    }
    assertThat(refusal).isNull();
    if (expected.has("domains")) {
      assertThat(domains(output.resolve(counts ? "tokens.json" : "sample/domains.json")))
          .isEqualTo(domains(expected.get("domains")));
    } else {
      assertThat(output.resolve("report.html")).exists();
    }
  }

  /** Rows and tokens are the same whichever file the weights are read from: the mixture is not. */
  @Test
  void weightsAreThoseOfTheFileThatIsMeant() throws Exception {
    JsonNode plain = mixture("gpt2_truncating_tokenizer");
    assertThat(mixture("gpt2_stale_shards")).isEqualTo(plain);
    assertThat(mixture("gpt2_head_only")).isEqualTo(plain);
  }

  @Test
  void aDomainWithFilesWithoutRowsIsDrawn() throws Exception {
    Path output = finished("parquet_zero_row_group");
    JsonNode domains = JSON.readTree(output.resolve("plan/manifest.json").toFile()).get("domains");
    assertThat(domains).hasSize(2);
    domains.forEach(domain -> assertThat(domain.get("weight").asDouble()).isPositive());
    for (String export : List.of("huggingface.json", "trl.yaml")) {
      Path file = output.resolve("plan/exports").resolve(export);
      assertThat(file).content().doesNotContainPattern("[:,\\[] *0\\.0+[,\\]\n]");
    }
  }

  @Test
  void aFileOfManyRowGroupsIsReadOnce() throws Exception {
    Path output = finished("parquet_row_groups_1000");
    JsonNode stages = JSON.readTree(output.resolve("run.json").toFile()).get("stages");
    long size = Files.size(folder.resolve("cases/parquet_row_groups_1000/data/all.parquet"));
    for (String stage : List.of("sample", "count")) {
      assertThat(stages.get(stage).get("bytesRead").asLong()).isLessThan(4 * size);
    }
  }

  private static JsonNode mixture(String name) throws Exception {
    return JSON.readTree(finished(name).resolve("mixture.json").toFile());
  }

  /** Returns the output of a case, run to the end. */
  private static Path finished(String name) throws Exception {
    Path output = folder.resolve("finished").resolve(name);
    Path config = folder.resolve("cases").resolve(name).resolve("run.conf");
    assertThat(run(config, output, Stage.REPORT)).isNull();
    return output;
  }

  @Test
  void filesOfBothSparksAreRead() throws Exception {
    Path files = folder.resolve("spark");
    for (String environment : List.of("spark", "spark4")) {
      Python.lastLine(environment, SCRIPT, "spark", files);
    }
    JsonNode counted =
        JSON.readTree(
            Python.lastLine("data", SCRIPT, "count", files, CHECKPOINT.resolve("tokenizer.json")));
    Path config = folder.resolve("spark.conf");
    Files.writeString(
        config,
        """
        chameleon {
          corpus { path = "%s/**/*.parquet" }
          proxy { checkpoint = "%s" }
          sample { windows-per-domain = 8, window-tokens = 32 }
          plan { count = exact }
        }
        """
            .formatted(files, CHECKPOINT));
    Path output = folder.resolve("spark-run");
    assertThat(run(config, output, Stage.COUNT)).isNull();
    assertThat(counted.get("domains")).hasSize(16);
    assertThat(domains(output.resolve("tokens.json"))).isEqualTo(domains(counted.get("domains")));
  }

  /** Returns what the run was refused with, or null. */
  private static String run(Path config, Path output, Stage until) {
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    try {
      RunConfig run =
          RunConfig.load(config.toString(), Map.of("output", output.toString()), hadoop);
      try (RunDirectory directory =
          RunDirectory.prepare(run.output(), Existing.REFUSE, run.inputs(), hadoop)) {
        new Chameleon(TestSpark.session(), run, directory, "test").run(until);
      }
      return null;
    } catch (RuntimeException | Error failure) {
      return Failures.message(failure);
    } catch (Exception failure) {
      // Spark throws checked exceptions undeclared.
      return Failures.message(failure);
    }
  }

  private static Map<String, String> domains(Path file) throws IOException {
    Map<String, String> sizes = new TreeMap<>();
    for (JsonNode domain : JSON.readTree(file.toFile()).get("domains")) {
      sizes.put(domain.get("name").asText(), size(domain));
      assertThat(domain.get("bytes").asLong()).isPositive();
    }
    return sizes;
  }

  private static Map<String, String> domains(JsonNode byName) {
    Map<String, String> sizes = new TreeMap<>();
    byName.fields().forEachRemaining(domain -> sizes.put(domain.getKey(), size(domain.getValue())));
    return sizes;
  }

  private static String size(JsonNode domain) {
    return domain.get("rows").asLong() + " rows, " + domain.get("tokens").asLong() + " tokens";
  }
}
