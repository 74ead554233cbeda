package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.chameleon.Reference;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose class path lacks PyTorch's native library, as where no jar of it was given. */
class MissingLibraryTest {
  @TempDir private Path folder;

  @Test
  void itIsNamedWithTheFixBeforeAnythingIsCopiedOrSampled()
      throws IOException, InterruptedException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(5, 1), folder.resolve("corpus"), 1);
    Files.writeString(
        folder.resolve("run.conf"),
        "chameleon { corpus.path = \"%s\", proxy.checkpoint = \"%s\", sample.window-tokens = 24 }"
            .formatted(corpus, Reference.path("gpt2").toAbsolutePath()));
    Path err = folder.resolve("err");
    assertThat(run(err)).isEqualTo(1);
    List<String> lines = Files.readAllLines(err);
    assertThat(lines.get(lines.size() - 1))
        .startsWith("Cannot load PyTorch: there is no native library for this platform")
        .contains("spark.jars", "PYTORCH_LIBRARY_PATH");
    JsonNode stages =
        new ObjectMapper().readTree(folder.resolve("out/run.json").toFile()).get("stages");
    assertThat(stages).hasSize(1);
    assertThat(stages.get("train").get("error").asText()).startsWith("Cannot load PyTorch");
    assertThat(folder.resolve("out/proxy")).doesNotExist();
  }

  private int run(Path err) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.add("@submit/java-17.options");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"));
    command.addAll(List.of("-cp", classPathWithoutTheLibrary(), Main.class.getName(), "run"));
    command.addAll(List.of("--config", folder.resolve("run.conf").toString()));
    command.addAll(List.of("--output", folder.resolve("out").toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile());
    builder.environment().put("DJL_CACHE_DIR", folder.resolve("native").toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().remove("PYTORCH_LIBRARY_PATH");
    return builder.start().waitFor();
  }

  private static String classPathWithoutTheLibrary() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("pytorch-native"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
