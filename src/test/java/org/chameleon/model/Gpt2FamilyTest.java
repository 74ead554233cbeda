package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.chameleon.Reference;
import org.chameleon.model.family.Activation;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelConfig;
import org.chameleon.model.family.ModelFamilies;
import org.chameleon.model.family.ModelFamily;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gpt2FamilyTest {
  private static final Gpt2Family GPT2 = new Gpt2Family();

  @Test
  void everyFamilyHasAProgramThatLoads() {
    for (ModelFamily family : ModelFamilies.all()) {
      ModelProgram.load(family, ComputeDevice.CPU).close();
    }
  }

  @Test
  void whatIsWrittenIsReadBack() throws JsonProcessingException {
    for (Activation activation : Activation.values()) {
      Gpt2Family.Sizes sizes = new Gpt2Family.Sizes(3, 8, 20, 2, 16, 99, 1e-6, activation, false);
      ModelConfig config = new ModelConfig(new ObjectMapper().readTree(GPT2.config(sizes)));
      assertThat(ModelFamilies.shape(config)).isEqualTo(GPT2.shape(sizes));
    }
  }

  @Test
  void itsWeightsAreThoseOfTheReference() {
    ModelShape shape = GPT2.shape(new ModelConfig(reference()));
    Safetensors file = Safetensors.open(Reference.path("gpt2/model.safetensors"));
    List<ModelWeight> weights = shape.weights(shape.layers());
    assertThat(weights)
        .extracting(ModelWeight::name)
        .containsExactlyInAnyOrderElementsOf(file.names());
    for (ModelWeight weight : weights) {
      assertThat(weight.fits(file.shape(weight.name()))).isTrue();
    }
    assertThat(shape.weights(2)).isEqualTo(weights.subList(0, 2 + 2 * 12));
  }

  @ParameterizedTest
  @CsvSource({
    "scale_attn_weights, false",
    "scale_attn_by_inverse_layer_idx, true",
    "add_cross_attention, true",
    "quantization_config, '{\"bits\": 4}'",
    "pruned_heads, '{\"1\": [0]}'"
  })
  void whatNoProgramComputesIsRefused(String key, String value) throws JsonProcessingException {
    ObjectNode config = reference();
    config.set(key, new ObjectMapper().readTree(value));
    assertThatThrownBy(() -> ModelFamilies.shape(new ModelConfig(config)))
        .hasMessageContaining("no program computes " + key + " = ");
  }

  @ParameterizedTest
  @CsvSource({
    "n_layer, null, is unset",
    "n_embd, 1.5, 'is 1.5, not a whole number'",
    "layer_norm_epsilon, true, 'is true, not a number'",
    "tie_word_embeddings, 3, 'is 3, not true or false'",
    "activation_function, 3, 'is 3, not a text'"
  })
  void aValueOfAnotherTypeIsRefused(String key, String value, String message)
      throws JsonProcessingException {
    ObjectNode config = reference();
    config.set(key, new ObjectMapper().readTree(value));
    assertThatThrownBy(() -> GPT2.shape(new ModelConfig(config)))
        .hasMessageContaining(key + " in its config.json " + message);
  }

  private static ObjectNode reference() {
    return (ObjectNode) Reference.json("gpt2/config.json");
  }
}
