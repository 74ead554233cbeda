package org.chameleon.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The DAG in a real Airflow, with jobs on a real cluster: a week of its life, in order. */
@Tag("interop")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AirflowInteropTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DELTA = SparkHome.jars("delta-spark_2.12", "delta-storage");

  @TempDir private static Path folder;
  private static Path corpus;
  private static StandaloneCluster cluster;
  private static Programs programs;
  private static Process airflow;
  private static PrintWriter requests;
  private static BufferedReader results;
  private static JsonNode loaded;
  private static String published;

  @BeforeAll
  static void start() throws Exception {
    programs = new Programs(folder);
    cluster = new StandaloneCluster(folder.resolve("cluster"));
    corpus = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("corpus"), 2);
    append("domain <> 'sums'");
    Path good =
        SparkHome.configuration(folder.resolve("good.conf"), folder.resolve("table").toString());
    Files.writeString(
        folder.resolve("broken.conf"),
        Files.readString(good) + "\nchameleon.plan { tokens = 1000000000, max-epochs = 1 }\n");
    Files.writeString(
        folder.resolve("silent.conf"),
        Files.readString(good) + "\nchameleon.corpus.path = [\"webhdfs://127.0.0.1:1/corpus\"]\n");
    Files.writeString(
        folder.resolve("wrong.conf"), Files.readString(good).replace("steps", "stepz"));
    Path settings = Files.createDirectories(folder.resolve("spark"));
    Files.writeString(
        settings.resolve("spark-defaults.conf"),
        Files.readString(Path.of("conf/spark-defaults.conf"))
            + "\nspark.executor.memory=1g\nspark.driver.memory=1g\nspark.jars="
            + SparkHome.nativeJar()
            + ","
            + DELTA);

    Map<String, String> environment = environment(settings);
    Programs.Result migrated =
        programs.run(
            environment,
            List.of(
                SparkHome.python("airflow").resolveSibling("airflow").toString(), "db", "migrate"));
    assertThat(migrated.code()).as(migrated.err()).isZero();
    ProcessBuilder builder =
        new ProcessBuilder(
                SparkHome.python("airflow").toString(),
                "src/test/interop/run_dag.py",
                "submit/airflow")
            .redirectError(folder.resolve("airflow.err").toFile());
    builder.environment().putAll(environment);
    airflow = builder.start();
    requests = new PrintWriter(airflow.outputWriter(StandardCharsets.UTF_8), true);
    results = airflow.inputReader(StandardCharsets.UTF_8);
    loaded = next();
  }

  /** Writes a partition of the table that is the corpus. */
  private static void append(String condition) throws IOException, InterruptedException {
    Programs.Result made =
        programs.run(
            SparkHome.environment(),
            List.of(
                SparkHome.python("spark").toString(),
                "src/test/interop/delta_table.py",
                DELTA,
                corpus.toString(),
                folder.resolve("table").toString(),
                condition));
    assertThat(made.code()).as(made.err()).isZero();
  }

  private static Map<String, String> environment(Path settings) throws IOException {
    Map<String, String> environment = new HashMap<>(SparkHome.environment());
    environment.put("AIRFLOW_HOME", folder.resolve("airflow").toString());
    environment.put(
        "AIRFLOW__CORE__DAGS_FOLDER", Path.of("submit/airflow").toAbsolutePath().toString());
    environment.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
    environment.put(
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "sqlite:///" + folder.resolve("airflow.db"));
    environment.put("AIRFLOW_CONN_SPARK_DEFAULT", connection("client"));
    environment.put("CHAMELEON_JAR", SparkHome.applicationJar().toString());
    environment.put("SPARK_CONF_DIR", settings.toString());
    environment.put(
        "PATH",
        SparkHome.python("airflow").getParent()
            + ":"
            + SparkHome.path().resolve("bin")
            + ":"
            + System.getenv("PATH"));
    return environment;
  }

  @AfterAll
  static void stop() {
    Programs.kill(airflow);
    programs.close();
    cluster.close();
  }

  @Test
  @Order(1)
  void theDagLoadsAndChecksItsParameters() throws IOException {
    assertThat(loaded.get("errors")).isEmpty();
    assertThat(loaded.get("dags").get(0).asText()).isEqualTo("chameleon");
    assertThat(run(1, "good", "client", ", \"objective\": \"best\"").get("refused").asText())
        .contains("'best' is not one of");
  }

  @Test
  @Order(2)
  void aJobWhoseInputIsRefusedFailsAtOnceAndNothingIsPublished() throws IOException {
    JsonNode failed = run(2, "broken", "client", "");
    assertThat(failed.get("state").asText()).isEqualTo("failed");
    assertThat(failed.at("/tasks/run").asText()).as(errors()).isEqualTo("failed");
    assertThat(failed.at("/tries/run").asInt()).as(errors()).isEqualTo(1);
    assertThat(failed.at("/tasks/publish").asText()).isEqualTo("upstream_failed");
    assertThat(folder.resolve("runs/latest.json")).doesNotExist();
  }

  @Test
  @Order(3)
  void theSameRunResumesAndIsPublished() throws IOException {
    JsonNode resumed = run(2, "good", "client", ", \"tokens\": 5000");
    assertThat(resumed.get("state").asText()).as(errors()).isEqualTo("success");
    JsonNode latest = latest();
    Path run = directory(latest.get("run"));
    assertThat(run.getFileName().toString()).matches("[A-Za-z0-9._-]+");
    JsonNode record = JSON.readTree(run.resolve("run.json").toFile());
    assertThat(record.at("/stages/train/status").asText()).isEqualTo("reused");
    assertThat(record.at("/stages/sample/status").asText()).isEqualTo("reused");
    assertThat(record.at("/stages/embed/status").asText()).isEqualTo("reused");
    assertThat(record.at("/stages/plan/status").asText()).isEqualTo("done");
    assertThat(
            JSON.readTree(run.resolve("plan/manifest.json").toFile()).get("targetTokens").asInt())
        .isEqualTo(5000);
    assertThat(resumed.at("/extra/weightsSha256")).isEqualTo(latest.get("weightsSha256"));
    assertThat(resumed.at("/extra/run_id")).isEqualTo(resumed.get("run_id"));
    published = latest.toString();
  }

  @Test
  @Order(4)
  void aWrongConfigurationFailsAtOnceOnTheClusterToo() throws IOException {
    JsonNode failed = run(4, "wrong", "cluster", "");
    assertThat(failed.at("/tasks/run").asText()).isEqualTo("failed");
    assertThat(failed.at("/tries/run").asInt()).as(errors()).isEqualTo(1);
    assertThat(failed.at("/tasks/check").asText()).isEqualTo("upstream_failed");
  }

  @Test
  @Order(5)
  void ofANewPartitionThatDomainAloneIsEmbeddedAndWeightsThatMovedTooFarAreHeldBack()
      throws IOException, InterruptedException {
    append("domain = 'sums'");
    JsonNode held = run(5, "good", "cluster", ", \"max_change\": 0.001");
    Path before = directory(JSON.readTree(published).get("run"));
    Path night =
        folder
            .resolve("runs")
            .resolve(held.get("run_id").asText().replaceAll("[^A-Za-z0-9._-]+", "-"));
    JsonNode first = JSON.readTree(before.resolve("run.json").toFile());
    JsonNode stages = JSON.readTree(night.resolve("run.json").toFile()).get("stages");
    for (String stage : List.of("sample", "embed")) {
      assertThat(stages.at("/" + stage + "/domains").asInt()).isEqualTo(4);
      assertThat(stages.at("/" + stage + "/keptDomains").asInt()).as(errors()).isEqualTo(3);
      assertThat(stages.at("/" + stage + "/keptFrom").asText()).endsWith(before.toString());
    }
    assertThat(stages.at("/train/keptFrom").asText()).endsWith(before.toString());
    assertThat(stages.at("/sample/bytesRead").asLong())
        .isBetween(1L, first.at("/stages/sample/bytesRead").asLong() / 2);
    for (String file : List.of("proxy/config.json", "proxy/model.safetensors")) {
      assertThat(night.resolve(file)).hasSameBinaryContentAs(before.resolve(file));
    }
    assertThat(held.at("/tasks/run").asText()).as(errors()).isEqualTo("success");
    assertThat(held.at("/tasks/check").asText()).isEqualTo("success");
    assertThat(held.at("/tasks/gate").asText()).isEqualTo("failed");
    assertThat(held.at("/tasks/publish").asText()).isEqualTo("upstream_failed");
    assertThat(held.get("extra").isNull()).isTrue();
    assertThat(latest()).hasToString(published);
  }

  @Test
  @Order(6)
  void runJsonIsAskedWhateverSparkSubmitSaid() throws IOException {
    Path liar = Files.createDirectories(folder.resolve("liar"));
    Programs.printer(liar.resolve("spark-submit"), "all is well");
    JsonNode lied = run(6, "good", "client", "", liar.toString());
    assertThat(lied.at("/tasks/run").asText()).as(errors()).isEqualTo("success");
    assertThat(lied.at("/tasks/check").asText()).isEqualTo("failed");
    assertThat(latest()).hasToString(published);
  }

  @Test
  @Order(7)
  void aStoreThatDoesNotAnswerIsTriedAgain() throws IOException {
    JsonNode failed = run(7, "silent", "client", "");
    assertThat(failed.at("/tasks/run").asText()).isEqualTo("failed");
    assertThat(failed.at("/tries/run").asInt()).as(errors()).isGreaterThan(1);
    assertThat(latest()).hasToString(published);
  }

  @Test
  @Order(8)
  void aMixtureWithoutEvidenceIsHeldBackAtOnceWhereItIsRequired() throws IOException {
    // Triggered again, what was held back has all its stages still.
    String required = ", \"max_change\": 1.0, \"require_evidence\": true";
    JsonNode held = run(5, "good", "client", required);
    assertThat(held.at("/tasks/gate").asText()).as(errors()).isEqualTo("success");
    assertThat(held.at("/tasks/publish").asText()).isEqualTo("failed");
    assertThat(held.at("/tries/publish").asInt()).as(errors()).isEqualTo(1);
    assertThat(held.get("extra").isNull()).isTrue();
    assertThat(latest()).hasToString(published);
  }

  private static JsonNode run(int day, String config, String mode, String more) throws IOException {
    return run(day, config, mode, more, "");
  }

  private static JsonNode run(int day, String config, String mode, String more, String path)
      throws IOException {
    requests.println(
        "{\"at\": \"2026-01-0%dT00:00:00+00:00\", \"connection\": \"%s\", \"path\": \"%s\", \"conf\": {\"config\": \"%s\", \"output\": \"%s\"%s}}"
            .formatted(
                day,
                connection(mode),
                path,
                folder.resolve(config + ".conf"),
                folder.resolve("runs"),
                more));
    return next();
  }

  private static String connection(String mode) {
    return cluster.url() + "?deploy-mode=" + mode + "&rest-port=" + cluster.restPort();
  }

  private static JsonNode next() throws IOException {
    String line = results.readLine();
    assertThat(line).as(errors()).isNotNull();
    return JSON.readTree(line);
  }

  private static Path directory(JsonNode uri) {
    return Path.of(uri.asText().substring("file:".length()));
  }

  private static JsonNode latest() throws IOException {
    return JSON.readTree(folder.resolve("runs/latest.json").toFile());
  }

  private static String errors() throws IOException {
    String text = Files.readString(folder.resolve("airflow.err"), StandardCharsets.ISO_8859_1);
    return text.substring(Math.max(0, text.length() - 6000));
  }
}
