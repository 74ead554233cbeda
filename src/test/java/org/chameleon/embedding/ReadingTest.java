package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.RunConfig;
import org.chameleon.SentenceEncoderFiles;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Pooling;
import org.chameleon.model.Precision;
import org.chameleon.model.SentenceModules.Dense;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What of a proxy is read: by configuration, by a sentence encoder's modules, else the method's.
 */
class ReadingTest {
  private static final Configuration HADOOP = new Configuration();
  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    SentenceEncoderFiles.model(folder);
  }

  private void sentenceEncoder(String model) throws IOException {
    SentenceEncoderFiles.modules(folder, model);
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 2",
    "middle, 2",
    "last, 4",
    "0, 0",
    "3, 3",
    "0.5, 2",
    "0.6, 2",
    "0.7, 3",
    ".9, 4",
    "1.0, 4"
  })
  void aLayerIsNamedByWordNumberOrFraction(String name, int layer) {
    assertThat(reading("layer=" + name).layer()).isEqualTo(layer);
  }

  @Test
  void aLayerThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> reading("layer=5"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read hidden state 5: the proxy has states 0 to 4. Lower embedding.layer.");
    assertThatThrownBy(() -> reading("layers=[1,5]"))
        .hasMessage(
            "Cannot read hidden state 5: the proxy has states 0 to 4. Lower embedding.layers.");
    assertThatThrownBy(() -> reading("layers=[-1]"))
        .hasMessageContaining("layers must be 'middle'");
    assertThatThrownBy(() -> reading("from=x, layers=[1]"))
        .hasMessageContaining("layers are read of a proxy, and with from there is none");
    assertThatThrownBy(() -> reading("layer=1.5")).hasMessageContaining("layer must be 'middle'");
    assertThatThrownBy(() -> reading("pooling=max"))
        .hasMessageContaining("must be mean or last-token or cls");
  }

  @Test
  void aModelThatSeesAheadGetsItsSpecialTokens() {
    assertThat(reading("").toString()).isEqualTo("hidden state 2, mean, with 3 special tokens");
    assertThat(reading("").enclosed(new int[] {1, 2})).containsExactly(7, 1, 2, 9, 7);
    assertThat(reading("special-tokens=false").enclosed(new int[] {1, 2})).containsExactly(1, 2);
    Checkpoint causal =
        Checkpoint.open(Reference.path("llama").toString(), TokenizerNeed.REQUIRED, HADOOP);
    assertThat(Reading.of(causal, config("")).around().count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0_Transformer"})
  void aSentenceEncoderBringsItsOwn(String model) throws IOException {
    if (!model.isEmpty()) {
      Files.createDirectories(folder.resolve(model));
      for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
        Files.move(folder.resolve(name), folder.resolve(model).resolve(name));
      }
    }
    sentenceEncoder(model);
    Checkpoint checkpoint = open();
    Reading own = Reading.of(checkpoint, config(""));
    assertThat(own)
        .isEqualTo(
            new Reading(
                4,
                Pooling.CLS,
                List.of(new Dense("2_Dense", 48, 2, true, true)),
                true,
                own.around()));
    checkpoint.requireUsable(61, 3, HADOOP);
    assertThat(checkpoint.files())
        .contains("modules.json", "1_Pooling/config.json", "2_Dense/model.safetensors");
    assertThat(checkpoint.identity(HADOOP)).hasSameSizeAs(checkpoint.files());
    float[] found = embed(checkpoint, own);
    float[] state = embed(checkpoint, Reading.of(checkpoint, config("pooling=cls, layer=4")));
    assertThat(state).isEqualTo(found);
    Reading many = Reading.of(checkpoint, config("layers=[middle,last,0,2]"));
    assertThat(many).hasToString(own + ", beside [0, 2]");
    List<float[][]> all = states(checkpoint, many);
    assertThat(all).hasSize(3);
    assertThat(all.get(0)[0]).isEqualTo(found);
    assertThat(all.get(2)[0])
        .isEqualTo(embed(checkpoint, Reading.of(checkpoint, config("layer=2"))));
    Reading bare = new Reading(4, Pooling.CLS, List.of(), false, own.around());
    float[] states = embed(checkpoint, bare);
    double x = Math.tanh(states[0]);
    double y = Math.tanh(states[1] + 3);
    assertThat(found).hasSize(2);
    assertThat(Math.abs(found[0] - x / Math.hypot(x, y))).isLessThan(1e-5);
    assertThat(Math.abs(found[1] - y / Math.hypot(x, y))).isLessThan(1e-5);
  }

  @Test
  void theConfigurationIsStronger() throws IOException {
    sentenceEncoder("");
    assertThat(reading("normalize=false").normalize()).isFalse();
    assertThat(reading("layer=middle").toString())
        .isEqualTo("hidden state 2, cls, normalized, with 3 special tokens");
    assertThat(reading("pooling=mean").dense()).isEmpty();
    assertThat(reading("special-tokens=false").around().count()).isZero();
  }

  @Test
  void itsLongestTextIsTheContext() throws IOException {
    sentenceEncoder("");
    write("sentence_bert_config.json", "{\"max_seq_length\": 32, \"do_lower_case\": false}");
    assertThatThrownBy(() -> open().requireUsable(30, 3, HADOOP))
        .hasMessageContaining(
            "is 32, special tokens included, of which there are 3. Lower sample.window-tokens to 29.");
    open().requireUsable(29, 3, HADOOP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modules.json | sentence_transformers.models.Normalize | models.WordWeights"
            + " | a module of type 'models.WordWeights' where no program computes it",
        "modules.json | models.Transformer | models.Pooling | where no program computes it",
        "modules.json | 2_Dense | ../2_Dense | names a folder '../2_Dense', which is none of its own",
        "modules.json | [{ | {\"a\": [{ | modules.json",
        "1_Pooling/config.json | cls_token | max_tokens | asks for pooling_mode_max_tokens",
        "1_Pooling/config.json | true} | true, \"pooling_mode_mean_tokens\": true}"
            + " | asks for pooling_mode_cls_token and pooling_mode_mean_tokens",
        "2_Dense/config.json | activation.Tanh | activation.GELU"
            + " | has the activation_function torch.nn.modules.activation.GELU",
        "2_Dense/config.json | : 48 | : \"48\" | in_features in its config.json is \"48\"",
      })
  void modulesThatAreNotComputedAreRefused(String file, String from, String to, String message)
      throws IOException {
    sentenceEncoder("");
    Path changed = folder.resolve(file);
    Files.writeString(changed, Files.readString(changed).replace(from, to));
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void denseWeightsThatAreMissingOrDoNotFitAreRefused() throws IOException {
    sentenceEncoder("");
    Path config = folder.resolve("2_Dense/config.json");
    Files.writeString(config, Files.readString(config).replace(": 2,", ": 3,"));
    assertThatThrownBy(() -> open().requireUsable(8, 0, HADOOP))
        .hasMessageContaining("tensor 'linear.weight' has sizes (2, 48)");
    Files.delete(folder.resolve("2_Dense/model.safetensors"));
    assertThatThrownBy(this::open).hasMessageContaining("it has no 2_Dense/model.safetensors");
  }

  @Test
  void lettersThatTheLibraryWouldLowerAreTheTokenizersWork() throws IOException {
    sentenceEncoder("");
    write("sentence_bert_config.json", "{\"max_seq_length\": 32, \"do_lower_case\": true}");
    assertThatThrownBy(this::open).hasMessageContaining("asks for do_lower_case");
    ObjectNode tokenizer =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve("tokenizer.json").toFile());
    tokenizer.putObject("normalizer").put("type", "Lowercase");
    write("tokenizer.json", tokenizer.toString());
    assertThat(open().context()).isEqualTo(32);
  }

  private static float[] embed(Checkpoint checkpoint, Reading reading) {
    return states(checkpoint, reading).get(0)[0];
  }

  private static List<float[][]> states(Checkpoint checkpoint, Reading reading) {
    try (ProxyEncoder encoder =
        ProxyEncoder.of(checkpoint, reading, Precision.FLOAT32, ComputeDevice.CPU, HADOOP)) {
      return encoder.states(List.of(new int[] {5, 4, 3}, new int[] {1, 2, 3, 4, 5}));
    }
  }

  private Checkpoint open() {
    return Checkpoint.open(folder.toString(), TokenizerNeed.REQUIRED, HADOOP);
  }

  private Reading reading(String settings) {
    return Reading.of(open(), config(settings));
  }

  private static EmbeddingConfig config(String settings) {
    Map<String, String> all = new HashMap<>(Map.of("output", "x", "corpus.path", "x"));
    for (String setting : settings.isEmpty() ? new String[0] : settings.split(", ")) {
      String[] sides = setting.split("=", 2);
      all.put("embedding." + sides[0], sides[1]);
    }
    try {
      Path file = Files.createTempFile("run", ".conf");
      Files.writeString(file, "chameleon {}");
      return RunConfig.load(file.toString(), all, HADOOP).embedding();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
