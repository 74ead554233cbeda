package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which profile is asked for with which settings of Spark: by a context of a standalone cluster in
 * this process, which has no worker and so needs no GPU.
 */
class StageGpusTest {
  private static final String OF_EXECUTOR = "spark.executor.resource.gpu.amount";
  private static final String OF_TASK = "spark.task.resource.gpu.amount";
  private static final Map<String, String> COME_AND_GO =
      Map.of(
          "spark.dynamicAllocation.enabled", "true",
          "spark.dynamicAllocation.shuffleTracking.enabled", "true",
          "spark.executor.cores", "3",
          "spark.executor.memory", "700m",
          "spark.executor.memoryOverhead", "400m");

  private SparkContext spark;

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "gpu", "gpu:1"})
  void aLocalRunAsksForNothing(String device) {
    SparkContext local = TestSpark.session().sparkContext();
    StageGpus gpus = new StageGpus(local, device, 1);
    JavaRDD<Integer> rows = new JavaSparkContext(local).parallelize(List.of(1, 2));
    assertThat(gpus.asked()).isFalse();
    assertThat(gpus.given(rows)).isSameAs(rows);
  }

  @Test
  void tasksThatGetGpusAnywayAskForNone() {
    cluster(Map.of(OF_EXECUTOR, "1", OF_TASK, "1"));
    assertThat(profile("gpu", 1)).isEmpty();
    assertThat(profile("auto", 0.25)).isEmpty();
  }

  @Test
  void whereSparkKnowsOfNoGpuNothingIsAskedFor() {
    cluster(Map.of());
    assertThat(profile("auto", 1)).isEmpty();
    assertThat(profile("gpu", 1)).isEmpty();
  }

  @Test
  void tasksAskForTheGpusThatTheirExecutorsHave() {
    cluster(Map.of(OF_EXECUTOR, "1", "spark.task.cpus", "2", "spark.executor.cores", "4"));
    ResourceProfile profile = profile("auto", 0.25).orElseThrow();
    assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(0.25);
    assertThat(profile.taskResourcesJMap().get("cpus").amount()).isEqualTo(2);
    assertThat(profile.executorResourcesJMap()).doesNotContainKey("gpu");
    assertThat(profile("gpu:0", 1)).isPresent();
    assertThat(profile("cpu", 1)).isEmpty();
  }

  @Test
  void executorsThatComeAreAskedForWithGpusOtherwiseAsTheOthers() {
    cluster(COME_AND_GO);
    ResourceProfile profile = profile("gpu", 0.5).orElseThrow();
    assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(0.5);
    assertThat(profile.executorResourcesJMap().get("gpu").amount()).isEqualTo(1);
    assertThat(profile.executorResourcesJMap().get("cores").amount()).isEqualTo(3);
    assertThat(profile.executorResourcesJMap().get("memory").amount()).isEqualTo(700);
    assertThat(profile.executorResourcesJMap().get("memoryOverhead").amount()).isEqualTo(400);
    assertThat(profile("auto", 1)).isEmpty();
    assertThat(profile("cpu", 1)).isEmpty();
  }

  /** Starts a context; that of the other tests starts again when it is asked for. */
  private void cluster(Map<String, String> settings) {
    TestSpark.session().stop();
    SparkConf conf =
        new SparkConf()
            .setMaster("local-cluster[0,4,1024]")
            .setAppName("gpus")
            .set("spark.ui.enabled", "false")
            .set("spark.executor.memory", "512m")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1");
    settings.forEach(conf::set);
    spark = new SparkContext(conf);
  }

  /** Returns the profile that the rows of a stage have, if it is one of their own. */
  private Optional<ResourceProfile> profile(String device, double perTask) {
    StageGpus gpus = new StageGpus(spark, device, perTask);
    JavaRDD<Integer> rows = new JavaSparkContext(spark).parallelize(List.of(1, 2));
    Optional<ResourceProfile> profile =
        Optional.ofNullable(gpus.given(rows).rdd().getResourceProfile());
    assertThat(gpus.asked()).isEqualTo(profile.isPresent());
    return profile;
  }
}
