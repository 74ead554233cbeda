package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.FuzzedJson;
import org.chameleon.Reference;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.family.ModelShape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every {@code config.json} is read, or refused by a message on one line, in no time. */
class ConfigFuzzTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int SEEDS = 70;
  private static final Duration NO_TIME = Duration.ofSeconds(2);

  @TempDir private Path folder;

  @BeforeEach
  void aCheckpointThatWasOpenedOnce() throws IOException {
    Files.createFile(folder.resolve("model.safetensors"));
    Files.copy(Reference.path("gpt2/config.json"), folder.resolve("config.json"));
    Checkpoint.open(folder.toString(), TokenizerNeed.OPTIONAL, HADOOP);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void configurationsWithAnythingChangedAreReadOrRefused() throws IOException {
    List<JsonNode> configs = configs();
    List<String> keys = new ArrayList<>();
    configs.forEach(config -> config.fieldNames().forEachRemaining(keys::add));
    int refused = 0;
    for (int i = 0; i < configs.size(); i++) {
      for (int seed = 0; seed < SEEDS; seed++) {
        String text = new FuzzedJson(seed + 1000L * i).of(configs.get(i), keys);
        refused += isRefused(text) ? 1 : 0;
      }
    }
    int all = configs.size() * SEEDS;
    assertThat(refused).isBetween(all / 4, all * 9 / 10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"head_dim\": 2000000000 | its config.json makes heads of width 2000000000, more than any model has.",
        "\"num_hidden_layers\": 2000000000 | num_hidden_layers in its config.json is 2000000000, not a number of layers",
        "\"rope_theta\": 1e999 | rope_theta in its config.json is \"Infinity\", not a positive number.",
        "\"rope_theta\": 1e-320, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 1e-300} | makes the constant 'rotary' of the program Infinity.",
        "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4} | no program computes rope_scaling.high_freq_factor = 4 in its",
        "\"model_type\": \"a\\nb\\u202e\" | model_type 'a?b?' has no program."
      })
  void whatOverflowsIsRefusedByName(String keys, String message) throws IOException {
    String config =
        """
        {"model_type": "llama", "hidden_size": 16, "num_hidden_layers": 2, "vocab_size": 8,
         "num_attention_heads": 4, "intermediate_size": 8, %s}
        """;
    Files.writeString(folder.resolve("config.json"), config.formatted(keys));
    assertThatThrownBy(() -> Checkpoint.open(folder.toString(), TokenizerNeed.OPTIONAL, HADOOP))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot use this checkpoint: ")
        .hasMessageContaining(message)
        .hasMessageEndingWith("See file:" + folder + "/config.json.");
  }

  private static List<JsonNode> configs() {
    List<JsonNode> configs = new ArrayList<>();
    Reference.json("families.golden.json").forEach(one -> configs.add(one.get("config")));
    configs.add(Reference.json("gpt2/config.json"));
    return configs;
  }

  private boolean isRefused(String text) throws IOException {
    // A new file: one that is written over has to reach the disk first.
    Files.delete(folder.resolve("config.json"));
    Files.writeString(folder.resolve("config.json"), text);
    long start = System.nanoTime();
    try {
      ModelShape shape = Checkpoint.open(folder.toString(), TokenizerNeed.OPTIONAL, HADOOP).shape();
      assertThat(shape.weights(shape.layers())).isNotEmpty();
      assertThat(shape.constants().values())
          .as(text)
          .allSatisfy(values -> assertThat(values).allMatch(Double::isFinite));
      return false;
    } catch (InvalidInputException e) {
      assertThat(e.getMessage().lines()).as(text).hasSize(1);
      assertThat(e.getMessage())
          .as(text)
          .startsWith("Cannot ")
          .contains("config.json")
          .doesNotContain("\u2028")
          .hasSizeLessThan(1000);
      return true;
    } catch (RuntimeException | Error e) {
      return fail(text, e);
    } finally {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as(text).isLessThan(NO_TIME);
    }
  }
}
