package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.chameleon.model.CheckpointFixture.WEIGHTS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that cannot be used, each refused in one line before any work is spent. */
class CheckpointRefusalTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path folder;
  private CheckpointFixture checkpoint;

  @BeforeEach
  void copyOfTheReference() throws IOException {
    checkpoint = CheckpointFixture.in(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch_model.bin, its weights are in pytorch_model.bin",
    "model.pt, its weights are in model.pt",
    "last.ckpt, its weights are in last.ckpt",
    "tf_model.h5, its weights are in tf_model.h5",
    "gpt2.safetensors, 'it has gpt2.safetensors, but no model.safetensors. Rename'",
    "adapter_model.safetensors, it is an adapter without its model's weights. Merge",
    "training_args.bin, it has no model.safetensors. Copy all files"
  })
  void weightsOfAnotherFormatAreNamedWithTheWayOut(String file, String message) throws IOException {
    checkpoint.delete(WEIGHTS);
    checkpoint.write(file, "x");
    assertRefused(message);
    if (message.startsWith("its weights")) {
      assertRefused(".save_pretrained(FOLDER, safe_serialization=True).");
    }
  }

  @Test
  void shardsWithoutAnIndexAreRefused() throws IOException {
    checkpoint.delete(WEIGHTS);
    checkpoint.write("model-00001-of-00002.safetensors", "x");
    checkpoint.write("model-00002-of-00002.safetensors", "x");
    assertRefused("but no model.safetensors.index.json that says which tensor is where.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"weight_map\": | model.safetensors.index.json is not JSON (line 1: ",
        "[] | model.safetensors.index.json holds no JSON object.",
        "{} | model.safetensors.index.json has no weight_map",
        "{\"weight_map\": {}} | model.safetensors.index.json has no weight_map",
        "{\"weight_map\": {\"a\": 3}} | weight_map in model.safetensors.index.json names a file by 3.",
        "{\"weight_map\": [\"a\"]} | weight_map in model.safetensors.index.json names a file by \"a\"",
        "{\"weight_map\": {\"a\": \"x/b\"}} | weight_map in model.safetensors.index.json names a file",
        "{\"weight_map\": {\"a\": \"b\"}} | it has no b, which model.safetensors.index.json names."
      })
  void anIndexThatLeadsNowhereIsRefused(String index, String message) throws IOException {
    checkpoint.delete(WEIGHTS);
    checkpoint.write(INDEX, index);
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource({
    "vocab.json;merges.txt, its tokenizer is in vocab.json and merges.txt",
    "tokenizer.model, its tokenizer is in tokenizer.model",
    "vocab.txt, its tokenizer is in vocab.txt",
    "cl100k.tiktoken, its tokenizer is in cl100k.tiktoken"
  })
  void anotherKindOfTokenizerIsNamedWithTheWayOut(String files, String message) throws IOException {
    checkpoint.delete("tokenizer.json");
    for (String file : files.split(";", -1)) {
      checkpoint.write(file, "x");
    }
    assertRefused(message);
    assertThatThrownBy(() -> Tokenizer.read(folder.toString(), new Configuration()))
        .hasMessageContaining("Cannot open tokenizer file:")
        .hasMessageContaining(message + ", and only tokenizer.json is read. Write that with");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"n_embd\": 48, | config.json is not JSON (line 1: ",
        "n_embd = 48 | config.json is not JSON (line 1: Unrecognized token 'n_embd'",
        "[1] | config.json holds no JSON object.",
        "'' | config.json holds no JSON object."
      })
  void aConfigThatIsNotJsonIsNamed(String config, String message) throws IOException {
    checkpoint.write("config.json", config);
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource({
    "'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n', it is a Git LFS pointer",
    "'<!DOCTYPE html><html>', it is a web page",
    "'\n <html>', it is a web page",
    "'\u001f\u008b\b', it is compressed with gzip",
    "'PK\u0003\u0004aaaaaaaaa', it is a file of torch.save. Convert it with transformers"
  })
  void aFileOfAnotherKindIsRecognised(String content, String message) throws IOException {
    checkpoint.write(WEIGHTS, content);
    assertRefused("Cannot read weights from file:" + folder + "/" + WEIGHTS + ": " + message);
    checkpoint.write("config.json", content);
    assertRefused("config.json cannot be read: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void textOfTwoBytesACharacterIsNamed(String charset) throws IOException {
    Path config = folder.resolve("config.json");
    Files.write(config, "{\"n_embd\": 48}".getBytes(charset));
    assertRefused("config.json cannot be read: it is UTF-16 text. Save it as UTF-8.");
  }

  @Test
  void aTokenizerThatIsAPointerOrNotJsonIsNamed() throws IOException {
    checkpoint.write("tokenizer.json", "version https://git-lfs.github.com/spec/v1");
    assertRefused("tokenizer.json cannot be read: it is a Git LFS pointer");
    checkpoint.write("tokenizer.json", "{");
    assertRefused("tokenizer.json is not JSON (line 1: ");
    checkpoint.write("tokenizer.json", "{\"model\": {\"type\": \"Other\"}}");
    assertRefused("Cannot open the tokenizer: ");
    assertRefused("/tokenizer.json.");
  }

  @Test
  void aConfigThatClaimsMorePositionsThanThereAreIsRefused() throws IOException {
    checkpoint.config("\"n_positions\": 64", "\"n_positions\": 128");
    assertRefused("tensor 'wpe.weight' has sizes (64, 48), config.json makes them (128, 48).");
  }

  @Test
  void weightsOfLayersThatAreNotEmbeddedWithAreCheckedToo() throws IOException {
    Map<String, Safetensors.Tensor> tensors = CheckpointFixture.tensors();
    tensors.remove("h.3.mlp.c_proj.bias");
    checkpoint.save(WEIGHTS, tensors);
    assertRefused("it has no tensor 'h.3.mlp.c_proj.bias', which its config.json asks for.");
  }

  @Test
  void aTypeThatIsNoFloatIsRefused() throws IOException {
    Map<String, Safetensors.Tensor> tensors = CheckpointFixture.tensors();
    tensors.remove("wpe.weight");
    checkpoint.save("a.safetensors", tensors);
    CheckpointFixture.header(
        folder.resolve("b.safetensors"),
        "{\"wpe.weight\": {\"dtype\": \"I8\", \"shape\": [64, 48], \"data_offsets\": [0, 3072]}}",
        3072);
    checkpoint.delete(WEIGHTS);
    checkpoint.write(
        INDEX, "{\"weight_map\": {\"a\": \"a.safetensors\", \"b\": \"b.safetensors\"}}");
    assertRefused("tensor 'wpe.weight' is of type I8, not F64, F32, F16 or BF16.");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 100_000})
  void windowsBeyondTheContextAreRefused(int tokens) {
    assertThatThrownBy(() -> checkpoint.open().requireUsable(tokens, 0, new Configuration()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            ("Cannot sample windows of %d tokens: the context of the proxy file:%s is 64. Lower"
                    + " sample.window-tokens to 64.")
                .formatted(tokens, folder));
    checkpoint.open().requireUsable(64, 0, new Configuration());
  }

  private void assertRefused(String message) {
    Throwable refusal = catchThrowable(checkpoint::usable);
    assertThat(refusal)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(folder.toString())
        .hasMessageNotContaining("Exception");
    assertThat(refusal.getMessage().lines()).hasSize(1);
    assertThat(refusal.getMessage()).endsWith(".").doesNotContain("..");
  }
}
