package org.chameleon.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
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

/** {@code submit/yarn.sh} on a small YARN, with corpus and run on HDFS. */
@Tag("interop")
class YarnInteropTest {
  @TempDir private static Path folder;
  private static Programs programs;
  private static Path config;

  @BeforeAll
  static void start() throws Exception {
    programs = new Programs(folder);
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("corpus"), 1);
    config = SparkHome.configuration(folder.resolve("run.conf"), "hdfs:///corpus/*.parquet");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("java", "@submit/java-17.options", "-cp"));
    command.add(
        SparkHome.jars("hadoop-client-minicluster", "junit", "bcpkix-jdk15on", "bcprov-jdk15on")
                .replace(",", File.pathSeparator)
            + File.pathSeparator
            + SparkHome.path().resolve("jars/*"));
    command.addAll(List.of("src/test/interop/YarnCluster.java", folder.toString()));
    try (Stream<Path> files = Files.list(corpus)) {
      files.map(Path::toString).filter(f -> f.endsWith(".parquet")).forEach(command::add);
    }
    Programs.Running cluster = programs.start(Map.of(), command);
    Programs.await(
        "YARN",
        () -> {
          assertThat(cluster.process().isAlive()).as(cluster.tail()).isTrue();
          return Files.exists(folder.resolve("conf"));
        });
  }

  @AfterAll
  static void stop() {
    programs.close();
  }

  @Test
  void clientAndClusterModeComplete() throws Exception {
    Programs.Result client = submit("client", "hdfs:///runs/client");
    assertThat(client.code()).as(client.err()).isZero();
    assertThat(client.out()).contains("largest weight").containsPattern("manifest +hdfs://");
    Programs.Result cluster = submit("cluster", "hdfs:///runs/cluster");
    assertThat(cluster.code()).as(cluster.err()).isZero();
    assertThat(cluster.out()).containsPattern("report +done");
    Programs.Result again = submit("cluster", "hdfs:///runs/cluster");
    assertThat(again.code()).isEqualTo(1);
  }

  private static Programs.Result submit(String mode, String output)
      throws IOException, InterruptedException {
    Map<String, String> environment = SparkHome.environment();
    environment.put("HADOOP_CONF_DIR", folder.resolve("conf").toString());
    environment.put("DEPLOY_MODE", mode);
    environment.put(
        "SPARK_SUBMIT_OPTIONS",
        "--conf spark.executor.memory=1g --conf spark.driver.memory=1g"
            + " --conf spark.executor.memoryOverhead=1g --num-executors 1 --executor-cores 2");
    return programs.run(
        environment,
        List.of("submit/yarn.sh", "run", "--config", config.toString(), "--output", output));
  }
}
