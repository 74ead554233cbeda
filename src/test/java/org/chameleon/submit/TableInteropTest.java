package org.chameleon.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta Lake and Iceberg tables as corpora. */
@Tag("interop")
class TableInteropTest {
  private static final String LIBRARIES =
      SparkHome.jars("delta-spark_2.12", "delta-storage", "iceberg-spark-runtime-3.5_2.12");

  @TempDir private static Path folder;
  private static Programs programs;
  private static Path corpus;

  @BeforeAll
  static void makeTables() throws Exception {
    programs = new Programs(folder);
    corpus = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("corpus"), 1);
    Programs.Result made =
        programs.run(
            SparkHome.environment(),
            List.of(
                SparkHome.python("spark").toString(),
                "src/test/interop/make_tables.py",
                LIBRARIES,
                corpus.toString(),
                folder.toString()));
    assertThat(made.code()).as(made.err()).isZero();
  }

  @AfterAll
  static void stop() {
    programs.close();
  }

  @Test
  void tablesGiveTheWeightsOfTheParquetTheyWereMadeFromAndTheirVersion() throws Exception {
    JsonNode plain = manifest(corpus, "plain");
    assertThat(plain.get("tables")).isEmpty();
    JsonNode delta = manifest(folder.resolve("delta"), "from-delta");
    JsonNode iceberg = manifest(folder.resolve("lake/db/corpus"), "from-iceberg");
    for (JsonNode table : List.of(delta, iceberg)) {
      assertThat(table.findValuesAsText("name")).isEqualTo(plain.findValuesAsText("name"));
      assertThat(table.findValuesAsText("weight")).isEqualTo(plain.findValuesAsText("weight"));
    }
    assertThat(delta.at("/tables/0/format").asText()).isEqualTo("delta");
    assertThat(delta.at("/tables/0/version").asLong()).isEqualTo(2);
    assertThat(delta.at("/tables/0/path").asText()).isEqualTo("file:" + folder + "/delta");
    assertThat(iceberg.at("/tables/0/format").asText()).isEqualTo("iceberg");
    assertThat(iceberg.at("/tables/0/version").asLong()).isPositive();
  }

  @Test
  void rowsThatAreDeletedButStillInTheFilesAreRefused() throws Exception {
    for (String table : List.of("delta-deleted", "lake/db/deleted")) {
      Programs.Result refused = run(LIBRARIES, folder.resolve(table), "refused");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains(
              "file:" + folder.resolve(table) + ": it has deleted rows that are in its files");
    }
  }

  @Test
  void aMissingLibraryIsNamed() throws Exception {
    Programs.Result refused = run("", folder.resolve("delta"), "refused");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("Spark has no library for it. Give spark-submit --packages io.delta:delta-spark");
  }

  private static JsonNode manifest(Path from, String output)
      throws IOException, InterruptedException {
    Programs.Result result = run(LIBRARIES, from, output);
    assertThat(result.code()).as(result.err()).isZero();
    return new ObjectMapper().readTree(folder.resolve(output + "/plan/manifest.json").toFile());
  }

  private static Programs.Result run(String libraries, Path from, String output)
      throws IOException, InterruptedException {
    Path config = SparkHome.configuration(folder.resolve(output + ".conf"), from.toString());
    return programs.run(
        SparkHome.environment(),
        SparkHome.with(
            SparkHome.submitLocally(libraries),
            "run",
            "--config",
            config.toString(),
            "--output",
            folder.resolve(output).toString()));
  }
}
