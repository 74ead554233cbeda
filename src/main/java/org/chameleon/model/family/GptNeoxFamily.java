package org.chameleon.model.family;

import java.util.ArrayList;
import java.util.List;

/**
 * GPT-NeoX and Pythia: layer norms with biases, rotary positions in a part of each head, and
 * attention and MLP side by side.
 */
public record GptNeoxFamily() implements ModelFamily {
  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public List<String> prefixes() {
    return List.of("gpt_neox.");
  }

  @Override
  public String tokenEmbedding() {
    return "embed_in.weight";
  }

  @Override
  public String output() {
    return "embed_out.weight";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    config.requireDivides("num_attention_heads", "hidden_size");
    int width = config.size("hidden_size");
    int heads = config.size("num_attention_heads");
    int inner = config.size("intermediate_size");
    int context = config.size("max_position_embeddings", 2048);
    int vocabulary = config.size("vocab_size");
    boolean bias = config.flag("attention_bias", true);
    List<List<ModelWeight>> blocks = new ArrayList<>();
    for (int i = 0; i < config.layers("num_hidden_layers"); i++) {
      blocks.add(
          new WeightTable("layers." + i + ".")
              .norm("input_layernorm", width, true)
              .linear("attention.query_key_value", 3L * width, width, bias)
              .residual("attention.dense", width, width, bias)
              .norm("post_attention_layernorm", width, true)
              .linear("mlp.dense_h_to_4h", inner, width, true)
              .residual("mlp.dense_4h_to_h", width, inner, true)
              .list());
    }
    return new ModelShape(
        this,
        width,
        context,
        vocabulary,
        true,
        config.flag("tie_word_embeddings", false),
        new Constants()
            .with("heads", heads)
            .with("epsilon", config.positive("layer_norm_eps", 1e-5))
            .with("activation", config.activation("hidden_act", "gelu").number())
            .with("parallel", config.flag("use_parallel_residual", true) ? 1 : 0)
            .with("rotary", rotary(config, width / heads, context))
            .map(),
        new WeightTable("").rows("embed_in", vocabulary, width).list(),
        blocks,
        new WeightTable("").norm("final_layer_norm", width, true).list());
  }

  private static List<Double> rotary(ModelConfig config, int headWidth, int context) {
    double given = config.positive("rotary_pct", 0.25);
    double part =
        config
            .section("rope_parameters")
            .map(all -> all.positive("partial_rotary_factor", given))
            .orElse(given);
    int dimensions = (int) (headWidth * part);
    if (dimensions % 2 != 0 || dimensions > headWidth || dimensions == 0) {
      throw config.unknown("rotary_pct");
    }
    return Rotary.of(config, "rotary_emb_base", 10_000).frequencies(dimensions, context);
  }
}
