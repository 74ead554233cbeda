package org.chameleon.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chameleon.Pom;
import org.chameleon.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What {@code submit/} and {@code conf/} say of versions, names and options agrees with the build.
 */
class SubmitFilesTest {
  private static final Path SUBMIT = Path.of("submit");
  private static final String INTEROP_JARS = "src/test/interop/jars.pom.xml";

  @Test
  void theDriverGetsAllThatSparkNeedsOfJava17() throws IOException {
    Properties defaults = new Properties();
    defaults.load(new StringReader(Files.readString(Path.of("conf/spark-defaults.conf"))));
    List<String> options =
        List.of(defaults.getProperty("spark.driver.extraJavaOptions").split(" "));
    assertThat(options)
        .containsAll(
            Files.readAllLines(SUBMIT.resolve("java-17.options")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList());
    assertThat(options)
        .containsAll(List.of(defaults.getProperty("spark.executor.extraJavaOptions").split(" ")));
  }

  @Test
  @SuppressWarnings("unchecked") // YAML has no types
  void theSparkApplicationRunsThisJarOnThisSpark() throws IOException {
    Map<String, Object> application =
        new Yaml().load(Files.readString(SUBMIT.resolve("kubernetes.yaml")));
    assertThat(application)
        .containsEntry("apiVersion", "sparkoperator.k8s.io/v1beta2")
        .containsEntry("kind", "SparkApplication");
    Map<String, Object> spec = (Map<String, Object>) application.get("spec");
    assertThat(spec)
        .containsEntry("type", "Java")
        .containsEntry("mode", "cluster")
        .containsEntry("mainClass", Main.class.getName())
        .containsEntry("sparkVersion", pom("spark.version"))
        .containsKeys("image", "driver", "executor", "restartPolicy");
    assertThat((List<String>) spec.get("arguments"))
        .startsWith("run", "--config")
        .contains("--output", "--resume");
    String dockerfile = Files.readString(SUBMIT.resolve("Dockerfile"));
    assertThat(dockerfile).contains(" -t " + spec.get("image") + " .");
    String jar = spec.get("mainApplicationFile").toString().replace("local://", "");
    assertThat(dockerfile)
        .contains(jar)
        .contains(Pom.of("pom.xml").artifactId() + "-*-application.jar")
        .contains(
            "FROM apache/spark:" + pom("spark.version") + "-scala" + pom("scala.binary.version"))
        .contains("torch==" + pom("pytorch.version"))
        .contains("PYTORCH_VERSION=" + pom("pytorch.version"));
    Map<String, Object> settings = (Map<String, Object>) spec.get("sparkConf");
    assertThat(dockerfile)
        .contains(settings.get("spark.executor.resource.gpu.discoveryScript").toString());
    assertThat(settings.values()).allMatch(String.class::isInstance);
  }

  @Test
  void theImageHasTheStorageLibrariesThatAreTested() throws IOException {
    List<String> tested = Pom.of(INTEROP_JARS).jars();
    List<String> installed =
        Pattern.compile("https://\\S+/([^/\\s]+\\.jar)")
            .matcher(Files.readString(SUBMIT.resolve("Dockerfile")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(installed).isNotEmpty();
    assertThat(tested).containsAll(installed);
  }

  @Test
  void whatIsTestedAgainstIsForThisSpark() throws IOException {
    Map<String, String> jars = Pom.of(INTEROP_JARS).properties();
    for (String version : List.of("spark.version", "scala.binary.version")) {
      assertThat(jars).containsEntry(version, pom(version));
    }
    assertThat(Files.readString(Path.of("src/test/interop/spark.txt")))
        .contains("pyspark==" + pom("spark.version"));
    assertThat(Files.readString(Path.of("src/test/interop/model.txt")))
        .contains("torch==" + pom("pytorch.version"));
  }

  @Test
  void nothingSetsAFolderForNativeCodeThatOthersCouldMakeFirst() throws IOException {
    for (Path folder : List.of(SUBMIT, Path.of("conf"))) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file)).doesNotContainPattern("(DJL|ENGINE)_CACHE_DIR=");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", INTEROP_JARS, "submit/quickstart-corpus.pom.xml"})
  void versionsStandInSortedProperties(String path) throws IOException {
    Pom pom = Pom.of(path);
    assertThat(pom.versions()).allMatch(version -> version.startsWith("${"));
    assertThat(new ArrayList<>(pom.properties().keySet())).isSorted();
    assertThat(pom.properties())
        .containsEntry("maven-dependency-plugin.version", pom("maven-dependency-plugin.version"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local.sh", "spark.sh", "standalone.sh", "yarn.sh", "gpu-discovery.sh"})
  void scriptsAreWellFormed(String name) throws IOException, InterruptedException {
    Process check =
        new ProcessBuilder("bash", "-n", SUBMIT.resolve(name).toString()).inheritIO().start();
    assertThat(check.waitFor()).isZero();
  }

  @Test
  void scriptsNameWhatIsMissing() throws IOException, InterruptedException {
    for (String script : List.of("standalone.sh", "yarn.sh")) {
      ProcessBuilder builder =
          new ProcessBuilder(SUBMIT.resolve(script).toString(), "run").redirectErrorStream(true);
      Stream.of("SPARK_HOME", "SPARK_MASTER", "HADOOP_CONF_DIR")
          .forEach(builder.environment()::remove);
      Process process = builder.start();
      assertThat(
              new String(
                  process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .containsPattern("Set (SPARK_MASTER|HADOOP_CONF_DIR) to");
      assertThat(process.waitFor()).isNotZero();
    }
  }

  private static String pom(String property) throws IOException {
    return Pom.of("pom.xml").properties().get(property);
  }
}
