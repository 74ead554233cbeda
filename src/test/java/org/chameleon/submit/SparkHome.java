package org.chameleon.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chameleon.config.Build;

/** The plain Spark distribution that the build installed, and what is submitted to it. */
final class SparkHome {
  private static final Path INSTALLED = Path.of("target/interop").toAbsolutePath();

  private SparkHome() {}

  static Path path() throws IOException {
    return only(INSTALLED.resolve("spark/lib"), "python3").resolve("site-packages/pyspark");
  }

  static Path python(String environment) {
    return INSTALLED.resolve(environment + "/bin/python");
  }

  static Path applicationJar() {
    return Path.of("target", "chameleon-spark-" + Build.current().version() + "-application.jar")
        .toAbsolutePath();
  }

  static Path nativeJar() throws IOException {
    return only(Path.of("target/native").toAbsolutePath(), "pytorch-native");
  }

  /** Returns the jars that the build fetched, by their names without versions. */
  static String jars(String... names) {
    return Stream.of(names)
        .map(name -> INSTALLED.resolve("jars/" + name + ".jar").toString())
        .collect(Collectors.joining(","));
  }

  /**
   * Returns what every Spark program of a test needs to stay on this machine, and to start quickly:
   * all of its JVMs live for minutes at most.
   */
  static Map<String, String> environment() throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", path().toString());
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_HOSTNAME", "localhost");
    environment.put(
        "JAVA_TOOL_OPTIONS",
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC");
    return environment;
  }

  /**
   * Returns the start of a command on this machine's cores, with jars beside the native library.
   */
  static List<String> submitLocally(String moreJars, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(path().resolve("bin/spark-submit").toString(), "--master", "local[2]"));
    command.addAll(List.of("--class", "org.chameleon.cli.Main"));
    command.addAll(List.of("--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--jars", nativeJar() + (moreJars.isEmpty() ? "" : ",") + moreJars));
    command.addAll(List.of(options));
    command.add(applicationJar().toString());
    return command;
  }

  /** Returns a command with more arguments. */
  static List<String> with(List<String> command, String... arguments) {
    return Stream.concat(command.stream(), Stream.of(arguments)).toList();
  }

  /** Writes the smallest useful run: a proxy of four steps. */
  static Path configuration(Path file, String corpus) throws IOException {
    Files.writeString(
        file,
        """
        chameleon {
          corpus { path = "%s" }
          sample { windows-per-domain = 16, window-tokens = 64 }
          proxy { train { vocabulary = 300, layers = 2, width = 32, heads = 2, context = 64 } }
          training { steps = 4, batch = 4, warmup-steps = 1, tokenizer-documents = 50 }
          embedding { device = cpu }
          plan { tokens = 10000, paths { huggingface = "/data/{domain}", megatron = "/data/{domain}" } }
        }
        """
            .formatted(corpus));
    return file;
  }

  private static Path only(Path folder, String beginning) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(beginning))
          .findFirst()
          .orElseThrow(() -> new IOException("nothing in " + folder + " begins so: " + beginning));
    }
  }
}
