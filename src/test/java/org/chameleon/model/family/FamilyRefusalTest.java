package org.chameleon.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.chameleon.Reference;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no program computes is refused by its key, and what is written otherwise is the same. */
class FamilyRefusalTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "llama | rope_scaling | {\"rope_type\": \"dynamic\", \"factor\": 2} | rope_scaling.rope_type = \"dynamic\"",
        "llama | rope_scaling | {\"type\": \"yarn\", \"factor\": 2} | rope_scaling.type = \"yarn\"",
        "llama | rope_scaling | {\"type\": \"linear\"} | rope_scaling.factor in its config.json is unset",
        "llama | rope_scaling | {\"type\": \"linear\", \"factor\": -1} | rope_scaling.factor in its config.json is -1",
        "llama | rope_parameters | {\"rope_type\": \"longrope\"} | rope_parameters.rope_type = \"longrope\"",
        "llama | hidden_act | \"quick_gelu\" | hidden_act in its config.json is \"quick_gelu\"",
        "llama | partial_rotary_factor | 0.5 | computes partial_rotary_factor = 0.5",
        "llama | num_key_value_heads | 3 | num_attention_heads = 4 in its config.json is no multiple of num_key_value_heads = 3",
        "llama | head_dim | 5 | heads of width 5 have no pairs",
        "llama | rms_norm_eps | 0 | rms_norm_eps in its config.json is 0",
        "llama | num_hidden_layers | 2000000000 | num_hidden_layers in its config.json is 2000000000",
        "llama | vocab_size | -5 | vocab_size in its config.json is -5",
        "mistral | layer_types | [\"full_attention\"] | computes layer_types",
        "qwen2 | layer_types | [\"chunked_attention\", \"full_attention\", \"full_attention\", \"full_attention\"] | computes layer_types",
        "qwen2 | layer_types | [\"sliding_attention\", \"full_attention\", \"full_attention\", \"full_attention\"] | computes layer_types",
        "qwen2 | layer_types | [\"full_attention\"] | computes layer_types",
        "gemma3_text | attn_logit_softcapping | 50.0 | computes attn_logit_softcapping = 50.0",
        "gemma3_text | final_logit_softcapping | 30.0 | computes final_logit_softcapping = 30.0",
        "bert | position_embedding_type | \"relative_key\" | computes position_embedding_type = \"relative_key\"",
        "bert | is_decoder | true | computes is_decoder = true",
        "bert | add_cross_attention | true | computes add_cross_attention = true",
        "bert | num_attention_heads | 3 | hidden_size = 16 in its config.json is no multiple of num_attention_heads = 3",
        "roberta | position_embedding_type | \"relative_key_query\" | computes position_embedding_type",
        "roberta | max_position_embeddings | 4 | context 0",
        "mpnet | relative_attention_num_buckets | 16 | computes relative_attention_num_buckets = 16",
        "gpt_neox | rotary_pct | 0.3 | computes rotary_pct = 0.3",
        "gpt_neox | rotary_pct | 1.5 | computes rotary_pct = 1.5",
        "modernbert | num_attention_heads | 16 | computes num_attention_heads = 16",
        "olmo2 | quantization_config | {\"bits\": 4} | computes quantization_config",
        "distilbert | auto_map | {\"AutoModel\": \"own.Model\"} | names Python code of its own (own.Model)",
        "bert | model_type | \"deberta\" | model_type 'deberta' has no program. Known: gpt2, bert, llama",
      })
  void itIsRefusedByItsKey(String name, String key, String value, String message)
      throws JsonProcessingException {
    ObjectNode config = config(name);
    config.set(key, JSON.readTree(value));
    assertThatThrownBy(() -> ModelFamilies.shape(new ModelConfig(config)))
        .isInstanceOfAny(InvalidInputException.class, IllegalArgumentException.class)
        .hasMessageContaining("Cannot use ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "llama-linear | {\"rope_type\": \"linear\", \"factor\": 4.0, \"rope_theta\": 10000.0}",
        "llama-grouped | {\"rope_type\": \"default\", \"rope_theta\": 500.0}",
        "gpt_neox-linear | {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 900.0, \"partial_rotary_factor\": 0.5}",
        "gemma3_text-scaled | {\"full_attention\": {\"rope_type\": \"linear\", \"factor\": 8.0, \"rope_theta\": 5000.0},"
            + " \"sliding_attention\": {\"rope_type\": \"default\", \"rope_theta\": 10000.0}}",
        "modernbert-options | {\"full_attention\": {\"rope_type\": \"default\", \"rope_theta\": 900.0},"
            + " \"sliding_attention\": {\"rope_type\": \"default\", \"rope_theta\": 40.0}}",
      })
  void positionsMayBeSaidAsLaterVersionsDo(String name, String parameters)
      throws JsonProcessingException {
    ObjectNode config = config(name);
    ModelShape before = ModelFamilies.shape(new ModelConfig(config.deepCopy()));
    for (String key :
        new String[] {"rope_theta", "rope_scaling", "rotary_emb_base", "rotary_pct"}) {
      config.remove(key);
    }
    config.remove("rope_local_base_freq");
    config.remove("global_rope_theta");
    config.remove("local_rope_theta");
    config.set("rope_parameters", JSON.readTree(parameters));
    assertThat(ModelFamilies.shape(new ModelConfig(config))).isEqualTo(before);
  }

  @Test
  void aWindowThatIsNullIsNone() {
    ObjectNode config = config("mistral");
    config.putNull("sliding_window");
    assertThat(shape(config).constants().get("window")).containsExactly(0.0);
    config.remove("sliding_window");
    assertThat(shape(config).constants().get("window")).containsExactly(4096.0);
    ObjectNode qwen = config("qwen2");
    qwen.put("use_sliding_window", true).putNull("sliding_window").put("max_window_layers", 0);
    qwen.putNull("layer_types").putNull("num_key_value_heads");
    assertThat(shape(qwen).constants().get("sliding")).containsOnly(0.0);
    assertThat(shape(qwen).constants().get("key_heads")).containsExactly(4.0);
  }

  @Test
  void numbersThatChangeNothingAreLeftAlone() {
    ObjectNode config = config("llama");
    ModelShape before = shape(config.deepCopy());
    config.put("partial_rotary_factor", 1.0).put("attention_dropout", 0.3).put("use_cache", false);
    config.putObject("pruned_heads");
    config.put("unsloth_version", "2025.1");
    assertThat(shape(config)).isEqualTo(before);
  }

  private static ModelShape shape(ObjectNode config) {
    return ModelFamilies.shape(new ModelConfig(config));
  }

  private static ObjectNode config(String name) {
    for (JsonNode one : Reference.json("families.golden.json")) {
      if (one.get("name").asText().equals(name)) {
        return one.get("config").deepCopy();
      }
    }
    throw new AssertionError(name);
  }
}
