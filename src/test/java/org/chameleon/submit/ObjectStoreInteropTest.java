package org.chameleon.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run in and out of an S3 server on this machine. */
@Tag("interop")
class ObjectStoreInteropTest {
  private static final String[] MAGIC = {
    "--conf",
    "spark.hadoop.fs.s3a.committer.name=magic",
    "--conf",
    "spark.sql.sources.commitProtocolClass=org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
    "--conf",
    "spark.sql.parquet.output.committer.class=org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter"
  };

  @TempDir private static Path folder;
  private static Programs programs;
  private static String endpoint;

  @BeforeAll
  static void start() throws Exception {
    programs = new Programs(folder);
    int port = Programs.freePort();
    endpoint = "http://127.0.0.1:" + port;
    programs.start(
        SparkHome.environment(),
        List.of(
            SparkHome.python("moto").resolveSibling("moto_server").toString(),
            "-H",
            "127.0.0.1",
            "-p",
            "" + port));
    Programs.await("the S3 server", () -> answers(port));
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("corpus"), 1);
    try (Stream<Path> files = Files.list(corpus)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        s3("put", "corpus/data.parquet", file.toString());
      }
    }
    Path config =
        SparkHome.configuration(folder.resolve("run.conf"), "s3a://bucket/corpus/*.parquet");
    s3("put", "run.conf", config.toString());
  }

  @AfterAll
  static void stop() {
    programs.close();
  }

  @Test
  void aRunThatWasKilledResumesAndEndsAsOneThatWasNot() throws Exception {
    Programs.Result whole = programs.run(SparkHome.environment(), run("runs/whole"));
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.out()).contains("manifest  s3a://bucket/runs/whole/plan/manifest.json");

    Programs.Running killed = programs.start(SparkHome.environment(), run("runs/killed", MAGIC));
    Programs.await(
        "the run to embed",
        () -> {
          assertThat(killed.process().isAlive()).as(killed.tail()).isTrue();
          return Files.readString(killed.err()).contains("stage=embed status=started");
        });
    Programs.kill(killed.process());
    killed.process().waitFor();
    assertThat(keys("runs/killed")).noneMatch(key -> key.startsWith("runs/killed/embedding"));

    Programs.Result resumed =
        programs.run(
            SparkHome.environment(), SparkHome.with(run("runs/killed", MAGIC), "--resume"));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(record("runs/killed").at("/stages/sample/status").asText()).isEqualTo("reused");
    assertThat(files("runs/killed")).isEqualTo(files("runs/whole"));
    assertThat(keys("runs/killed").map(key -> key.replace("killed", "whole")))
        .containsExactlyElementsOf(keys("runs/whole").toList());
    Programs.Result verified =
        programs.run(
            SparkHome.environment(),
            SparkHome.with(submit(), "verify", "--run", "s3a://bucket/runs/killed"));
    assertThat(verified.out()).contains("files as recorded.");
    materializes();
  }

  /** The shards appear when the store completes their uploads, and the manifest after them. */
  private static void materializes() throws Exception {
    String mixed = "s3a://bucket/mixed";
    List<String> write =
        SparkHome.with(
            submit(MAGIC), "materialize", "--run", "s3a://bucket/runs/whole", "--output", mixed);
    Programs.Result written =
        programs.run(SparkHome.environment(), SparkHome.with(write, "--shard-size", "4KB"));
    assertThat(written.code()).as(written.err()).isZero();
    List<String> keys = keys("mixed").toList();
    assertThat(keys).contains("mixed/manifest.json", "mixed/data/part-00000.parquet");
    assertThat(keys).noneMatch(key -> key.contains("_temporary") || key.contains("__magic"));
    Programs.Result verified =
        programs.run(SparkHome.environment(), SparkHome.with(submit(), "verify", "--run", mixed));
    assertThat(verified.code()).as(verified.err()).isZero();
  }

  private static List<String> run(String output, String... options) throws IOException {
    return SparkHome.with(
        submit(options),
        "run",
        "--config",
        "s3a://bucket/run.conf",
        "--output",
        "s3a://bucket/" + output);
  }

  private static List<String> submit(String... options) throws IOException {
    List<String> all =
        Stream.concat(
                Stream.of(
                        "endpoint=" + endpoint,
                        "endpoint.region=us-east-1",
                        "path.style.access=true",
                        "connection.ssl.enabled=false",
                        "access.key=a",
                        "secret.key=b")
                    .flatMap(setting -> Stream.of("--conf", "spark.hadoop.fs.s3a." + setting)),
                Stream.of(options))
            .toList();
    return SparkHome.submitLocally(
        SparkHome.jars(
            "hadoop-aws", "aws-java-sdk-bundle", "wildfly-openssl", "spark-hadoop-cloud_2.12"),
        all.toArray(String[]::new));
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String s3(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        List.of(SparkHome.python("moto").toString(), "src/test/interop/s3.py", endpoint);
    Programs.Result result =
        programs.run(SparkHome.environment(), SparkHome.with(command, arguments));
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  private static Stream<String> keys(String prefix) throws IOException, InterruptedException {
    return s3("list", prefix).lines();
  }

  private static JsonNode record(String run) throws IOException, InterruptedException {
    Path file = folder.resolve("record.json");
    s3("get", run + "/run.json", file.toString());
    return new ObjectMapper().readTree(file.toFile());
  }

  private static List<JsonNode> files(String run) throws IOException, InterruptedException {
    return record(run).get("stages").findValues("files");
  }
}
