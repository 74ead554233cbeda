package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Pooling;
import org.chameleon.model.Precision;
import org.chameleon.model.Safetensors;
import org.chameleon.model.Tokenizer;
import org.chameleon.model.family.ModelFamilies;
import org.chameleon.model.family.ModelFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family against {@code transformers}, and every option that it honours. */
class FamiliesTest {
  private static final Configuration HADOOP = new Configuration();
  private static final double TOLERANCE = 3e-5;

  @TempDir Path folder;

  static List<String> names() {
    return cases().map(one -> one.get("name").asText()).toList();
  }

  private static Stream<JsonNode> cases() {
    return StreamSupport.stream(Reference.json("families.golden.json").spliterator(), false);
  }

  private static JsonNode named(String name) {
    return cases().filter(one -> one.get("name").asText().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void everyFamilyHasACase() {
    assertThat(cases().map(one -> one.get("config").get("model_type").asText()).distinct())
        .containsAll(
            ModelFamilies.all().stream()
                .map(ModelFamily::modelType)
                .filter(type -> !type.equals("gpt2")) // of its own reference
                .toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void statesAreThoseOfTheReferenceInPaddedBatches(String name) throws IOException {
    JsonNode one = named(name);
    Checkpoint checkpoint = checkpoint(one, one.get("config"));
    int layer = one.get("layer").asInt();
    assertClose(embed(checkpoint, layer, Pooling.MEAN, one), one.get("middle"), -1);
    int last = checkpoint.shape().layers();
    assertClose(embed(checkpoint, last, Pooling.LAST_TOKEN, one), one.get("ends"), 1);
    if (!name.contains("-")) { // A pooling is the same piece in all programs.
      assertClose(embed(checkpoint, last, Pooling.MEAN, one), one.get("last"), -1);
      assertClose(embed(checkpoint, last, Pooling.CLS, one), one.get("ends"), 0);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void anOptionThatIsHonouredShows(String name) throws IOException {
    JsonNode one = named(name);
    ObjectNode config = one.get("config").deepCopy();
    one.get("without").fields().forEachRemaining(key -> config.set(key.getKey(), key.getValue()));
    if (config.equals(one.get("config"))) {
      return; // No option: the family itself.
    }
    Checkpoint checkpoint;
    float[][] found;
    try {
      checkpoint = checkpoint(one, config);
      found = embed(checkpoint, checkpoint.shape().layers(), Pooling.MEAN, one);
    } catch (InvalidInputException e) {
      return; // Another context, or positions beyond the table.
    }
    assertThat(distance(found, one.get("last"), -1)).isGreaterThan(100 * TOLERANCE);
  }

  @Test
  void manyHiddenStatesOfOnePassAreThoseOfAPassEach() throws IOException {
    for (JsonNode one : cases().filter(c -> !c.get("name").asText().contains("-")).toList()) {
      Checkpoint checkpoint = checkpoint(one, one.get("config"));
      int last = checkpoint.shape().layers();
      for (int chosen : new int[] {0, 1, last}) {
        List<Integer> others =
            IntStream.rangeClosed(0, last).filter(i -> i != chosen).boxed().toList();
        Reading all =
            new Reading(chosen, Pooling.MEAN, List.of(), true, Tokenizer.Around.NONE, others);
        List<float[][]> states = states(checkpoint, all, one);
        assertThat(states).hasSize(last + 1);
        assertThat(states.get(0)).isDeepEqualTo(alone(checkpoint, chosen, one));
        for (int i = 0; i < last; i++) {
          assertThat(states.get(i + 1)).isDeepEqualTo(alone(checkpoint, others.get(i), one));
        }
      }
    }
  }

  private static float[][] alone(Checkpoint checkpoint, int layer, JsonNode one) {
    Reading reading = new Reading(layer, Pooling.MEAN, List.of(), true, Tokenizer.Around.NONE);
    return states(checkpoint, reading, one).get(0);
  }

  private static List<float[][]> states(Checkpoint checkpoint, Reading reading, JsonNode one) {
    try (ProxyEncoder encoder =
        ProxyEncoder.of(checkpoint, reading, Precision.FLOAT32, ComputeDevice.CPU, HADOOP)) {
      return encoder.states(Reference.windows(one.get("windows")));
    }
  }

  @Test
  void bfloat16StaysNearFloat32InEveryFamily() throws IOException {
    for (JsonNode one : cases().filter(c -> !c.get("name").asText().contains("-")).toList()) {
      Checkpoint checkpoint = checkpoint(one, one.get("config"));
      float[][] rounded =
          embed(checkpoint, one.get("layer").asInt(), Pooling.MEAN, one, Precision.BFLOAT16);
      assertThat(distance(rounded, one.get("middle"), -1))
          .as(one.get("name").asText())
          .isBetween(TOLERANCE, 0.2);
    }
  }

  private float[][] embed(Checkpoint checkpoint, int layer, Pooling pooling, JsonNode one) {
    return embed(checkpoint, layer, pooling, one, Precision.FLOAT32);
  }

  private static float[][] embed(
      Checkpoint checkpoint, int layer, Pooling pooling, JsonNode one, Precision precision) {
    Reading reading = new Reading(layer, pooling, List.of(), false, Tokenizer.Around.NONE);
    try (ProxyEncoder encoder =
        ProxyEncoder.of(checkpoint, reading, precision, ComputeDevice.CPU, HADOOP)) {
      return encoder.embed(Reference.windows(one.get("windows")));
    }
  }

  private static void assertClose(float[][] found, JsonNode expected, int index) {
    assertThat(distance(found, expected, index)).isLessThan(TOLERANCE);
  }

  /** The largest difference; {@code index} is of a list inside each expected row, -1: the row. */
  private static double distance(float[][] found, JsonNode expected, int index) {
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      double[] row = Reference.numbers(index < 0 ? expected.get(i) : expected.get(i).get(index));
      assertThat(found[i]).hasSameSizeAs(row);
      for (int j = 0; j < row.length; j++) {
        double difference = Math.abs(found[i][j] - row[j]);
        worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
      }
    }
    return worst;
  }

  private Checkpoint checkpoint(JsonNode one, JsonNode config) throws IOException {
    Path directory = Files.createTempDirectory(folder, "model");
    Files.writeString(directory.resolve("config.json"), config.toString());
    Map<String, Safetensors.Tensor> tensors = new TreeMap<>();
    one.get("tensors")
        .fields()
        .forEachRemaining(
            tensor -> tensors.put(tensor.getKey(), values(tensor.getKey(), tensor.getValue())));
    try (OutputStream out = Files.newOutputStream(directory.resolve("model.safetensors"))) {
      Safetensors.write(tensors, out);
    }
    return Checkpoint.open(directory.toString(), TokenizerNeed.OPTIONAL, HADOOP);
  }

  /** The weights of {@code make_families.py}: they follow from the tensor's name. */
  private static Safetensors.Tensor values(String name, JsonNode sizes) {
    long[] shape = new long[sizes.size()];
    int count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
      count *= sizes.get(i).asInt();
    }
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    boolean lookedUp = name.contains("embed") || name.contains("relative_attention_bias");
    double scale =
        shape.length == 1 || lookedUp ? 1 : 2 / Math.sqrt((double) shape[shape.length - 1]);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      long x = (i * 2654435761L + crc.getValue()) & 0xffffffffL;
      x = (x * 2246822519L + 374761393L) & 0xffffffffL;
      x ^= x >>> 15;
      x = (x * 3266489917L) & 0xffffffffL;
      values[i] = (float) (scale * (x / 2147483648.0 - 1));
    }
    return new Safetensors.Tensor(shape, values);
  }
}
