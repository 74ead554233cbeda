package org.chameleon.submit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A master and two workers, each with a GPU that is a number only: 4 and 5. */
final class StandaloneCluster implements AutoCloseable {
  private final Programs programs;
  private final int port = Programs.freePort();
  private final int restPort = Programs.freePort();

  StandaloneCluster(Path folder) throws Exception {
    programs = new Programs(Files.createDirectories(folder));
    int page = Programs.freePort();
    Map<String, String> master = SparkHome.environment();
    master.put(
        "SPARK_MASTER_OPTS",
        "-Dspark.master.rest.enabled=true -Dspark.master.rest.port=" + restPort);
    start(
        master,
        "org.apache.spark.deploy.master.Master",
        List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "" + page));
    for (int gpu = 4; gpu <= 5; gpu++) {
      Path discovery =
          Programs.printer(
              folder.resolve("gpu" + gpu + ".sh"),
              "{\"name\": \"gpu\", \"addresses\": [\"" + gpu + "\"]}");
      Map<String, String> worker = SparkHome.environment();
      worker.put(
          "SPARK_WORKER_OPTS",
          "-Dspark.worker.resource.gpu.amount=1 -Dspark.worker.resource.gpu.discoveryScript="
              + discovery);
      List<String> size = List.of("--cores", "2", "--memory", "4g", "--work-dir");
      start(
          worker,
          "org.apache.spark.deploy.worker.Worker",
          SparkHome.with(
              // Two hosts to Spark, which speculates on another than the first.
              List.of("--host", "127.0.0." + (gpu - 3), "--webui-port", "" + Programs.freePort()),
              SparkHome.with(size, folder.resolve("work" + gpu).toString(), url())
                  .toArray(String[]::new)));
    }
    Programs.await("two workers", () -> state(page).contains("\"aliveworkers\" : 2"));
  }

  private void start(Map<String, String> environment, String main, List<String> arguments)
      throws IOException {
    List<String> command = List.of(SparkHome.path().resolve("bin/spark-class").toString(), main);
    programs.start(environment, SparkHome.with(command, arguments.toArray(String[]::new)));
  }

  private static String state(int page) throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/json/")).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    }
  }

  String url() {
    return "spark://127.0.0.1:" + port;
  }

  /** Kills an executor, as a host that is taken away would. */
  void killExecutor() {
    programs
        .processes()
        .filter(
            process ->
                process.info().arguments().map(List::of).orElse(List.of()).stream()
                    .anyMatch(argument -> argument.endsWith("CoarseGrainedExecutorBackend")))
        .findFirst()
        .orElseThrow()
        .destroyForcibly();
  }

  int restPort() {
    return restPort;
  }

  @Override
  public void close() {
    programs.close();
  }
}
