package org.chameleon.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/standalone.sh} on a real cluster of a master and two workers. */
@Tag("interop")
class StandaloneInteropTest {
  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static Programs programs;
  private static Path config;

  @BeforeAll
  static void start() throws Exception {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("corpus"), 2);
    config = SparkHome.configuration(folder.resolve("run.conf"), corpus.toString());
    cluster = new StandaloneCluster(folder.resolve("cluster"));
    programs = new Programs(folder);
  }

  @AfterAll
  static void stop() {
    programs.close();
    cluster.close();
  }

  @Test
  void bothModesCompleteWithTheSameBytesAndEachTaskUsesItsGpu() throws Exception {
    Path events = Files.createDirectories(folder.resolve("events"));
    Path lineage = folder.resolve("lineage.json");
    Programs.Result client =
        submit(
            "client",
            // No waiting for the host where the windows are: both executors are to get tasks.
            "--conf spark.locality.wait=0s"
                + " --conf spark.executor.resource.gpu.amount=1 --conf spark.task.resource.gpu.amount=1"
                + " --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="
                + events
                + " --jars "
                + SparkHome.jars("openlineage-spark_2.12")
                + " --conf spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener"
                + " --conf spark.openlineage.transport.type=file"
                + " --conf spark.openlineage.transport.location="
                + lineage,
            runInManyTasks("from-client"));
    assertThat(client.code()).as(client.err()).isZero();
    assertThat(client.out()).contains("largest weight", "/from-client/plan/manifest.json");
    Programs.Result inCluster = submit("cluster", "", runInManyTasks("from-cluster"));
    assertThat(inCluster.code()).as(inCluster.err()).isZero();
    assertThat(inCluster.out()).containsPattern("report +done");

    assertThat(files("from-client")).isEqualTo(files("from-cluster"));
    JsonNode gpus = record("from-client").at("/stages/embed/gpus");
    assertThat(gpus).hasSize(2);
    assertThat(gpus.toString()).contains(": gpu 4\"", ": gpu 5\"");
    assertThat(record("from-cluster").at("/stages/embed").has("gpus")).isFalse();

    String log;
    try (Stream<Path> logs = Files.list(events)) {
      log = Files.readString(logs.findFirst().orElseThrow());
    }
    assertThat(log)
        .contains("\"spark.jobGroup.id\":\"embed\"", "\"Name\":\"embed: windows\"")
        .contains("\"spark.jobGroup.id\":\"sample\"", "\"Name\":\"sample: bytes read\"");
    assertThat(Files.readString(lineage)).contains("\"eventType\":\"COMPLETE\"");
  }

  @Test
  void aFailureIsSeenInBothModes() throws Exception {
    for (String mode : List.of("client", "cluster")) {
      Programs.Result wrong =
          submit(mode, "", SparkHome.with(run("wrong-" + mode), "--set", "plan.tokenz=3"));
      assertThat(wrong.code()).as(mode).isEqualTo(2);
      Programs.Result failed =
          submit(mode, "", SparkHome.with(run("failed-" + mode), "--set", "corpus.path=/nowhere"));
      assertThat(failed.code()).as(mode).isEqualTo(1);
    }
  }

  @Test
  void theStagesThatComputeAskForTheGpusThemselves() throws Exception {
    Path auto = folder.resolve("auto.conf");
    Files.writeString(auto, Files.readString(config).replace("device = cpu", "device = auto"));
    Map<String, String> environment = environment("client", "");
    environment.put("GPUS_PER_EXECUTOR", "1");
    Programs.Result doctor =
        programs.run(
            environment,
            List.of(
                "submit/standalone.sh", "doctor", "--config", auto.toString(), "--output", "x"));
    assertThat(doctor.code()).as(doctor.err()).isEqualTo(1);
    assertThat(doctor.out())
        .contains("2 executor(s)", "4 given to the task", "5 given to the task")
        .contains("Cannot compute on a GPU: Spark assigned GPU 4 to this task")
        .contains("Give it a CUDA build of the library, or set embedding.device = cpu.");
  }

  @Test
  void ofTwoSubmissionsAtOnceOneWinsAndTheOtherSaysSo() throws Exception {
    Map<String, String> environment =
        environment("client", "--conf spark.cores.max=2 --conf spark.executor.memory=1g");
    List<String> command =
        SparkHome.with(List.of("submit/standalone.sh"), run("both").toArray(String[]::new));
    Programs.Running first = programs.start(environment, SparkHome.with(command, "--resume"));
    Programs.Running second = programs.start(environment, SparkHome.with(command, "--resume"));
    List<Programs.Result> results = List.of(first.await(), second.await());
    assertThat(results).extracting(Programs.Result::code).containsExactlyInAnyOrder(0, 1);
    assertThat(results.get(0).err() + results.get(1).err())
        .contains("another run is writing it (process");
    Programs.Result verified =
        submit("client", "", List.of("verify", "--run", folder.resolve("both").toString()));
    assertThat(verified.out()).contains("files as recorded.");
  }

  @Test
  void rivalAttemptsAndALostExecutorLeaveEveryPartOnce() throws Exception {
    Path parts = folder.resolve("parts");
    Path marks = Files.createDirectories(folder.resolve("marks"));
    // Both from one class loader: what is tested is not public.
    String classes =
        Path.of("target/test-classes").toAbsolutePath() + ":" + SparkHome.applicationJar();
    List<String> command =
        List.of(
            SparkHome.path().resolve("bin/spark-submit").toString(),
            "--master",
            cluster.url(),
            "--class",
            "org.chameleon.storage.RivalAttempts",
            "--driver-class-path",
            classes,
            "--conf",
            "spark.executor.extraClassPath=" + classes,
            "--conf",
            "spark.executor.cores=1",
            "--conf",
            "spark.executor.memory=512m",
            "--conf",
            "spark.speculation=true",
            "--conf",
            "spark.speculation.quantile=0.5",
            "--conf",
            "spark.speculation.multiplier=1.1",
            "--conf",
            "spark.speculation.minTaskRuntime=500ms",
            SparkHome.applicationJar().toString(),
            parts.toString(),
            marks.toString());
    Programs.Result result = programs.run(SparkHome.environment(), command);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("8 parts written, 8 there");
    try (Stream<Path> found = Files.walk(parts)) {
      assertThat(found.filter(Files::isRegularFile)).hasSize(8);
    }
    try (Stream<Path> attempts = Files.list(marks)) {
      assertThat(attempts.map(mark -> mark.getFileName().toString().charAt(0)).toList())
          .as("the lost part was tried again, the slow one overtaken")
          .satisfies(seen -> assertThat(seen.stream().filter(c -> c == '6')).hasSizeGreaterThan(1))
          .satisfies(seen -> assertThat(seen.stream().filter(c -> c == '7')).hasSizeGreaterThan(1));
    }
  }

  @Test
  void anExecutorThatIsLostRepeatsItsTrialsOnly() throws Exception {
    Programs.Result made =
        submit("client", "", SparkHome.with(run("tried"), "--set", "corpus.held-out.fraction=0.2"));
    assertThat(made.code()).as(made.err()).isZero();
    Path tried = folder.resolve("tried");
    Path events = Files.createDirectories(folder.resolve("trial-events"));
    Programs.Running evaluating =
        programs.start(
            environment(
                "client", "--conf spark.eventLog.enabled=true --conf spark.eventLog.dir=" + events),
            SparkHome.with(
                List.of("submit/standalone.sh", "evaluate", "--run", tried.toString()),
                "--set",
                "evaluation.seeds=3",
                "--set",
                "evaluation.horizons=[1]",
                "--set",
                "evaluation.tokens=8192",
                "--set",
                "evaluation.model.context=16"));
    Path trials = tried.resolve(".evaluation/trials");
    Programs.await("some trials", () -> ended(trials) >= 1 || !evaluating.process().isAlive());
    cluster.killExecutor();
    Programs.Result evaluated = evaluating.await();
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("recommended:");

    List<JsonNode> attempts = attempts(events, 15);
    assertThat(attempts.stream().filter(StandaloneInteropTest::succeeded)).hasSize(15);
    assertThat(attempts.stream().filter(attempt -> !succeeded(attempt)))
        .as("no more than the executor had cores")
        .hasSizeBetween(1, 2);
  }

  private static long ended(Path trials) throws IOException {
    if (!Files.isDirectory(trials)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(trials)) {
      return files.filter(file -> file.getFileName().toString().matches("[a-z].*json")).count();
    }
  }

  /** Returns how the attempts of the only stage of so many tasks ended. */
  private static List<JsonNode> attempts(Path events, int tasks) throws IOException {
    List<JsonNode> log = new ArrayList<>();
    try (Stream<Path> logs = Files.list(events)) {
      for (String line : Files.readAllLines(logs.findFirst().orElseThrow())) {
        log.add(new ObjectMapper().readTree(line));
      }
    }
    List<Integer> stages =
        log.stream()
            .filter(event -> event.at("/Event").asText().equals("SparkListenerStageSubmitted"))
            .map(event -> event.get("Stage Info"))
            .filter(stage -> stage.get("Number of Tasks").asInt() == tasks)
            .map(stage -> stage.get("Stage ID").asInt())
            .toList();
    assertThat(stages).hasSize(1);
    return log.stream()
        .filter(event -> event.at("/Event").asText().equals("SparkListenerTaskEnd"))
        .filter(event -> event.get("Stage ID").asInt() == stages.get(0))
        .toList();
  }

  private static boolean succeeded(JsonNode attempt) {
    return attempt.at("/Task End Reason/Reason").asText().equals("Success");
  }

  private static List<String> run(String output) {
    return List.of(
        "run", "--config", config.toString(), "--output", folder.resolve(output).toString());
  }

  /** Enough tasks for both executors to get some. */
  private static List<String> runInManyTasks(String output) {
    return SparkHome.with(
        run(output), "--set", "embedding.batch-tokens=256", "--set", "embedding.partitions=8");
  }

  private static Map<String, String> environment(String mode, String options) throws IOException {
    Map<String, String> environment = SparkHome.environment();
    environment.put("SPARK_MASTER", cluster.url());
    environment.put("DEPLOY_MODE", mode);
    environment.put(
        "SPARK_SUBMIT_OPTIONS",
        "--conf spark.executor.memory=1g --conf spark.driver.memory=1g " + options);
    return environment;
  }

  private static Programs.Result submit(String mode, String options, List<String> arguments)
      throws IOException, InterruptedException {
    return programs.run(
        environment(mode, options),
        SparkHome.with(List.of("submit/standalone.sh"), arguments.toArray(String[]::new)));
  }

  private static JsonNode record(String run) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(run + "/run.json").toFile());
  }

  /** Returns what a run recorded of its files: names, sizes and hashes. */
  private static List<JsonNode> files(String run) throws IOException {
    return record(run).get("stages").findValues("files");
  }
}
