package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chameleon.model.CheckpointFixture.WEIGHTS;
import static org.chameleon.model.CheckpointFixture.values;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.model.family.ModelWeight;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tensor of which file is read for a weight. */
class CheckpointWeightsTest {
  @TempDir private Path folder;
  private CheckpointFixture checkpoint;

  @BeforeEach
  void copyOfTheReference() throws IOException {
    checkpoint = CheckpointFixture.in(folder);
  }

  @Test
  void aWholeFileIsReadBeforeTheShardsOfAnIndexBesideIt() throws IOException {
    Map<String, Safetensors.Tensor> old = CheckpointFixture.tensors();
    old.values().forEach(tensor -> Arrays.fill(tensor.values(), 3));
    checkpoint.save("model-00001-of-00001.safetensors", old);
    index(old, "model-00001-of-00001.safetensors");
    Checkpoint opened = checkpoint.usable();
    assertThat(opened.weightFiles()).containsExactly(WEIGHTS);
    assertThat(opened.files()).containsExactlyInAnyOrder("config.json", "tokenizer.json", WEIGHTS);
    assertReference(opened);
  }

  @Test
  void aLeftIndexWhoseShardsAreGoneIsNotAsked() throws IOException {
    checkpoint.write("model.safetensors.index.json", "{\"weight_map\": {\"x\": \"gone\"}}");
    assertReference(checkpoint.usable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer.",
        "_orig_mod.",
        "_orig_mod.transformer.",
        "module._orig_mod.transformer.",
        "_orig_mod.module.transformer.",
        "transformer._orig_mod."
      })
  void namesAreReadUnderPrefixesOfFamilyAndWrappers(String prefix) {
    checkpoint.rename(name -> prefix + name);
    assertReference(checkpoint.usable());
  }

  @Test
  void blocksThatWereCompiledOneByOneAreRead() {
    checkpoint.rename(
        name -> "transformer." + name.replaceFirst("^(h\\.\\d+)\\.", "$1._orig_mod."));
    assertReference(checkpoint.usable());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm_head.weight", "_orig_mod.lm_head.weight", "module.lm_head.weight"})
  void theHeadStandsForTheTokenEmbeddingItIsTiedTo(String head) {
    checkpoint.rename(name -> name.equals("wte.weight") ? head : "transformer." + name);
    assertReference(checkpoint.usable());
  }

  @Test
  void aHeadOfItsOwnStandsForNothingElse() throws IOException {
    checkpoint.config("\"model_type\"", "\"tie_word_embeddings\": false, \"model_type\"");
    checkpoint.rename(name -> name.equals("wte.weight") ? "lm_head.weight" : name);
    assertThatThrownBy(checkpoint::usable)
        .hasMessageContaining("it has no tensor 'wte.weight', which its config.json asks for");
  }

  @Test
  void aHeadBesideTheTokenEmbeddingIsNotReadForIt() {
    Map<String, Safetensors.Tensor> tensors = CheckpointFixture.tensors();
    Safetensors.Tensor embedding = tensors.get("wte.weight");
    tensors.put(
        "lm_head.weight",
        new Safetensors.Tensor(embedding.shape(), new float[embedding.values().length]));
    checkpoint.save(WEIGHTS, tensors);
    assertReference(checkpoint.usable());
  }

  @Test
  void aNameThatTheMetadataCallsTheSameIsFound() throws IOException {
    Path file = folder.resolve("x.safetensors");
    CheckpointFixture.header(
        file,
        "{\"__metadata__\": {\"wpe.weight\": \"a\", \"b\": \"gone\"},"
            + " \"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
        4);
    CheckpointWeights found =
        new CheckpointWeights(
            new CheckpointFolder(
                "checkpoint",
                new org.apache.hadoop.fs.Path(folder.toString()),
                new Configuration()),
            List.of("x.safetensors"),
            checkpoint.open().shape());
    ModelWeight weight =
        new ModelWeight("wpe.weight", "wpe.weight", List.of(1L), ModelWeight.Role.EMBEDDING);
    assertThat(found.of(List.of(weight)).get(weight).tensor()).isEqualTo("a");
  }

  @Test
  void aWeightThatStandsTwiceIsRefused() {
    Map<String, Safetensors.Tensor> tensors = CheckpointFixture.tensors();
    tensors.put("_orig_mod.wpe.weight", tensors.get("wpe.weight"));
    checkpoint.save(WEIGHTS, tensors);
    assertThatThrownBy(checkpoint::usable)
        .hasMessageContaining("'_orig_mod.wpe.weight' of model.safetensors")
        .hasMessageContaining("'wpe.weight' of model.safetensors are the same weight. Keep one.");
  }

  private void index(Map<String, Safetensors.Tensor> tensors, String file) throws IOException {
    Map<String, String> map = new HashMap<>();
    tensors.keySet().forEach(name -> map.put(name, file));
    checkpoint.write(
        "model.safetensors.index.json",
        new ObjectMapper().writeValueAsString(Map.of("weight_map", map)));
  }

  private static void assertReference(Checkpoint found) {
    Map<String, float[]> values = values(found);
    assertThat(values).hasSize(2 + 4 * 12 + 2);
    CheckpointFixture.tensors()
        .forEach((name, tensor) -> assertThat(values.get(name)).isEqualTo(tensor.values()));
  }
}
