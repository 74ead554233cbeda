package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.ModuleFile;
import org.chameleon.Reference;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  @TempDir private Path folder;

  @BeforeEach
  void copyOfTheReference() throws IOException {
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(Reference.path("gpt2/" + name), folder.resolve(name));
    }
  }

  @Test
  void shapeComesFromItsConfig() {
    ModelShape shape = open().shape();
    assertThat(shape.family()).isEqualTo(new Gpt2Family());
    assertThat(shape.layers()).isEqualTo(4);
    assertThat(shape.middleLayer()).isEqualTo(2);
    assertThat(shape.context()).isEqualTo(64);
    assertThat(shape.vocabulary()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
  void aMissingFileIsNamed(String name) throws IOException {
    Files.delete(folder.resolve(name));
    assertThatThrownBy(this::open)
        .hasMessage(
            "Cannot open checkpoint file:%s: it has no %s. Copy all files of the checkpoint."
                .formatted(folder, name));
  }

  @Test
  void aCorpusOfTokenIdsNeedsNoTokenizer() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    assertThat(
            Checkpoint.open(folder.toString(), TokenizerNeed.OPTIONAL, new Configuration())
                .tokenizer())
        .isEmpty();
  }

  @Test
  void checksumsBesideItsFilesAreNotItsOwn() throws IOException {
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.write(
          folder.resolve("." + name + ".crc"),
          new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});
    }
    open().requireUsable(8, 0, new Configuration());
  }

  @Test
  void aModuleMayHaveAColonInItsName() throws IOException {
    Path written = ModuleFile.write(folder.resolve("module"), ModuleFile.HEEDS_MASK);
    Path file = Files.move(written, written.resolveSibling("net:v2.pt"));
    for (Path path : List.of(file, folder.resolve("module"))) {
      Checkpoint module =
          Checkpoint.openModule(path.toString(), TokenizerNeed.REQUIRED, new Configuration());
      assertThat(module.weightFiles()).containsExactly("net:v2.pt");
      assertThat(module.identity(new Configuration())).hasSize(2);
      module.module(ComputeDevice.CPU, new Configuration()).close();
    }
  }

  @Test
  void aMissingDirectoryIsRefused() {
    assertThatThrownBy(
            () -> Checkpoint.open(folder + "/none", TokenizerNeed.REQUIRED, new Configuration()))
        .hasMessageContaining("nothing is there. Set proxy.checkpoint to a directory.");
  }

  @Test
  void aTokenizerLargerThanTheVocabularyIsRefused() throws IOException {
    change("\"vocab_size\": 512", "\"vocab_size\": 300");
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("its model has a vocabulary of 300. Use the tokenizer");
  }

  @Test
  void aFamilyWithoutAProgramIsRefused() throws IOException {
    change("\"model_type\": \"gpt2\"", "\"model_type\": \"mamba\"");
    assertThatThrownBy(this::open)
        .hasMessageContaining("model_type 'mamba' has no program. Known: gpt2, bert, llama");
  }

  @Test
  void anUnknownActivationIsRefused() throws IOException {
    change("gelu_new", "mish");
    assertThatThrownBy(this::open)
        .hasMessageContaining(
            "activation_function in its config.json is \"mish\", not one of gelu_new");
  }

  @Test
  void weightsThatAreNotNumbersAreRefused() throws IOException {
    Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
    Map<String, Safetensors.Tensor> tensors = new TreeMap<>();
    file.names().forEach(name -> tensors.put(name, file.read(name)));
    tensors.get("h.0.attn.c_attn.bias").values()[3] = Float.NaN;
    Path broken = folder.resolve("broken");
    try (OutputStream out = Files.newOutputStream(broken)) {
      Safetensors.write(tensors, out);
    }
    Files.move(broken, folder.resolve("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(
            () -> {
              Checkpoint checkpoint = open();
              checkpoint.weights(
                  weights(checkpoint, 1), new Configuration(), (weight, tensor) -> tensor.read());
            })
        .hasMessageContaining("Cannot use tensor 'h.0.attn.c_attn.bias' of")
        .hasMessageContaining("value 3 is NaN");
  }

  @Test
  void weightsOfOtherSizesThanTheConfigMakesThemAreRefusedBeforeAnyIsRead() throws IOException {
    change("\"n_inner\": null", "\"n_inner\": 100");
    Checkpoint checkpoint = open();
    List<String> read = new ArrayList<>();
    assertThatThrownBy(
            () ->
                checkpoint.weights(
                    weights(checkpoint, 2),
                    new Configuration(),
                    (weight, tensor) -> read.add(weight.name())))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            ("Cannot use checkpoint file:%s: tensor 'h.0.mlp.c_fc.weight' has sizes (48, 192),"
                    + " config.json makes them (48, 100). Use the config.json that the weights were"
                    + " saved with.")
                .formatted(folder));
    assertThat(read).isEmpty();
  }

  @Test
  void aTensorThatIsMissingIsNamed() throws IOException {
    change("\"n_layer\": 4", "\"n_layer\": 5");
    Checkpoint checkpoint = open();
    assertThatThrownBy(
            () ->
                checkpoint.weights(
                    weights(checkpoint, 5), new Configuration(), (weight, tensor) -> {}))
        .hasMessageContaining("it has no tensor 'h.4.ln_1.weight'");
  }

  @Test
  void aConfigThatIsRefusedIsNamed() throws IOException {
    change("\"n_layer\": 4", "\"n_layer\": \"four\"");
    assertThatThrownBy(this::open)
        .hasMessageContaining(
            "n_layer in its config.json is \"four\", not a whole number. See file:")
        .hasMessageEndingWith("/config.json.");
  }

  @Test
  void aFileCutShortIsRefused() throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("it ends before tensor");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("it is cut short");
  }

  @Test
  void weightsInShardsAndUnderAPrefixAreFound() throws IOException {
    Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
    Map<String, Safetensors.Tensor> first = new TreeMap<>();
    Map<String, Safetensors.Tensor> second = new TreeMap<>();
    StringBuilder index = new StringBuilder("{\"weight_map\": {");
    for (String name : file.names()) {
      boolean early = first.size() <= second.size();
      (early ? first : second).put("transformer." + name, file.read(name));
      index.append("\"transformer.%s\": \"%s.safetensors\",".formatted(name, early ? "a" : "b"));
    }
    index.setLength(index.length() - 1);
    Files.writeString(folder.resolve("model.safetensors.index.json"), index + "}}");
    Files.delete(folder.resolve("model.safetensors"));
    try (OutputStream a = Files.newOutputStream(folder.resolve("a.safetensors"));
        OutputStream b = Files.newOutputStream(folder.resolve("b.safetensors"))) {
      Safetensors.write(first, a);
      Safetensors.write(second, b);
    }
    Map<String, float[]> found = new TreeMap<>();
    Checkpoint checkpoint = open();
    checkpoint.weights(
        weights(checkpoint, 4),
        new Configuration(),
        (weight, tensor) -> found.put(weight.name(), tensor.read().values()));
    assertThat(checkpoint.weightFiles()).containsExactly("a.safetensors", "b.safetensors");
    assertThat(found).hasSize(2 + 4 * 12 + 2);
    assertThat(found.get("h.3.mlp.c_fc.weight"))
        .isEqualTo(
            first.containsKey("transformer.h.3.mlp.c_fc.weight")
                ? first.get("transformer.h.3.mlp.c_fc.weight").values()
                : second.get("transformer.h.3.mlp.c_fc.weight").values());
  }

  private static List<ModelWeight> weights(Checkpoint checkpoint, int layers) {
    return checkpoint.shape().weights(layers);
  }

  private Checkpoint open() {
    return Checkpoint.open(folder.toString(), TokenizerNeed.REQUIRED, new Configuration());
  }

  private void change(String from, String to) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, Files.readString(file).replace(from, to));
  }
}
