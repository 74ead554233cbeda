package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyEncoderTest {
  private static final Configuration HADOOP = new Configuration();

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gpt2-odd", "llama", "qwen2", "bert"})
  void embeddingsAreThoseOfTheReferenceInMixedBatches(String model) {
    JsonNode golden = Reference.json(model + ".golden.json");
    JsonNode windows = Reference.json("windows.json");
    List<int[]> ragged = Reference.windows(windows.get("ragged"));
    double[][] raggedExpected = Reference.matrix(golden.get("ragged"));
    ProxyEncoder encoder = encoder(model, Precision.FLOAT32);
    double worst = 0;
    for (JsonNode name : golden.get("domains")) {
      List<int[]> batch = new ArrayList<>(ragged);
      batch.addAll(Reference.windows(windows.get("domains").get(name.asText())));
      float[][] found = encoder.embed(batch);
      double[][] expected = Reference.matrix(golden.get("embeddings").get(name.asText()));
      for (int i = 0; i < found.length; i++) {
        boolean isRagged = i < ragged.size();
        double[] row = isRagged ? raggedExpected[i] : expected[i - ragged.size()];
        for (int j = 0; j < row.length; j++) {
          worst = Math.max(worst, Math.abs(found[i][j] - row[j]));
        }
      }
    }
    assertThat(worst).isLessThan(3e-5);
  }

  @Test
  void bfloat16StaysNearFloat32() {
    List<int[]> windows =
        Reference.windows(Reference.json("windows.json").get("domains").get("arxiv"));
    float[][] exact = encoder("gpt2", Precision.FLOAT32).embed(windows);
    float[][] rounded = encoder("gpt2", Precision.BFLOAT16).embed(windows);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int j = 0; j < exact[i].length; j++) {
        difference += Math.pow(exact[i][j] - rounded[i][j], 2);
        size += Math.pow(exact[i][j], 2);
      }
    }
    assertThat(Math.sqrt(difference / size)).isBetween(1e-6, 0.02);
  }

  @Test
  void anEncoderThatGaveWayToAnotherIsOpenedAgainWithTheSameResult() {
    List<int[]> windows = List.of(new int[] {1, 2, 3}, new int[] {4, 5});
    float[][] before;
    try (ProxyEncoder encoder = encoder("gpt2", Precision.FLOAT32)) {
      before = encoder.embed(windows);
      try (ProxyEncoder other = encoder("gpt2-odd", Precision.FLOAT32)) {
        other.embed(windows);
        // Still open for its user, though the device has been asked for another.
        assertThat(encoder.embed(windows)).isDeepEqualTo(before);
      }
    }
    try (ProxyEncoder encoder = encoder("gpt2", Precision.FLOAT32)) {
      assertThat(encoder.embed(windows)).isDeepEqualTo(before);
      try (ProxyEncoder same = encoder("gpt2", Precision.FLOAT32)) {
        assertThat(same).isSameAs(encoder);
      }
    }
  }

  @Test
  void weightsThatDoNotFitTheConfigAreRefusedBeforeTheModelSeesThem(@TempDir Path folder)
      throws IOException {
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(Reference.path("gpt2/" + name), folder.resolve(name));
    }
    Path config = folder.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"n_inner\": null", "\"n_inner\": 96"));
    Checkpoint checkpoint = Checkpoint.open(folder.toString(), TokenizerNeed.REQUIRED, HADOOP);
    assertThatThrownBy(
            () ->
                ProxyEncoder.of(
                    checkpoint,
                    Reading.middle(checkpoint.shape()),
                    Precision.FLOAT32,
                    ComputeDevice.CPU,
                    HADOOP))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tensor 'h.0.mlp.c_fc.weight' has sizes (48, 192)")
        .hasMessageContaining("config.json makes them (48, 96)");
  }

  @Test
  void anIdOutsideTheVocabularyIsRefusedBeforeTheModelSeesIt() {
    assertThatThrownBy(() -> encoder("gpt2", Precision.FLOAT32).embed(List.of(new int[] {1, 512})))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot embed token id 512: the proxy has a vocabulary of 512. Use token ids made by the"
                + " proxy's own tokenizer.");
  }

  @Test
  void aWindowBeyondTheContextIsRefused() {
    assertThatThrownBy(() -> encoder("gpt2", Precision.FLOAT32).embed(List.of(new int[65])))
        .hasMessageContaining("a window of 65 tokens: the proxy takes 1 to 64");
  }

  private static ProxyEncoder encoder(String model, Precision precision) {
    Checkpoint checkpoint =
        Checkpoint.open(Reference.path(model).toString(), TokenizerNeed.REQUIRED, HADOOP);
    return ProxyEncoder.of(
        checkpoint, Reading.middle(checkpoint.shape()), precision, ComputeDevice.CPU, HADOOP);
  }
}
