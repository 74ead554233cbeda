package org.chameleon.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ModernBERT: an encoder with norms before attention and MLP, rotary positions, a gated MLP, and
 * layers that see only what is near between those that see all.
 */
public record ModernBertFamily() implements ModelFamily {
  @Override
  public String modelType() {
    return "modernbert";
  }

  @Override
  public List<String> prefixes() {
    return List.of("model.");
  }

  @Override
  public String tokenEmbedding() {
    return "embeddings.tok_embeddings.weight";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    config.requireDivides("num_attention_heads", "hidden_size");
    int layers = config.layers("num_hidden_layers");
    int width = config.size("hidden_size");
    int heads = config.size("num_attention_heads");
    int inner = config.size("intermediate_size");
    int context = config.size("max_position_embeddings", 8192);
    int vocabulary = config.size("vocab_size");
    boolean normBias = config.flag("norm_bias", false);
    boolean bias = config.flag("attention_bias", false);
    boolean mlpBias = config.flag("mlp_bias", false);
    List<List<ModelWeight>> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      WeightTable table = new WeightTable("layers." + i + ".");
      if (i > 0) {
        table.norm("attn_norm", width, normBias);
      }
      blocks.add(
          table
              .linear("attn.Wqkv", 3L * width, width, bias)
              .residual("attn.Wo", width, width, bias)
              .norm("mlp_norm", width, normBias)
              .linear("mlp.Wi", 2L * inner, width, mlpBias)
              .residual("mlp.Wo", width, inner, mlpBias)
              .list());
    }
    return new ModelShape(
        this,
        width,
        context,
        vocabulary,
        false,
        config.flag("tie_word_embeddings", true),
        constants(config, layers, width / heads, context).with("heads", heads).map(),
        new WeightTable("embeddings.")
            .rows("tok_embeddings", vocabulary, width)
            .norm("norm", width, normBias)
            .list(),
        blocks,
        new WeightTable("").norm("final_norm", width, normBias).list());
  }

  private static Constants constants(ModelConfig config, int layers, int headWidth, int context) {
    if (headWidth % 2 != 0) {
      throw config.unknown("num_attention_heads");
    }
    double global = config.positive("global_rope_theta", 160_000);
    double local = config.isNull("local_rope_theta") ? global : 10_000;
    return new Constants()
        .with("epsilon", config.positive("norm_eps", 1e-5))
        .with("activation", config.activation("hidden_activation", "gelu").number())
        .with("sliding", sliding(config, layers))
        .with("window", config.size("local_attention", 128) / 2 + 1)
        .with(
            "rotary",
            Rotary.of(config, LayerTypes.FULL, "global_rope_theta", 160_000, true)
                .frequencies(headWidth, context))
        .with(
            "rotary_sliding",
            Rotary.of(config, LayerTypes.SLIDING, "local_rope_theta", local, true)
                .frequencies(headWidth, context));
  }

  private static List<Double> sliding(ModelConfig config, int layers) {
    List<Boolean> sliding =
        config.has("layer_types")
            ? LayerTypes.listed(config, layers)
            : IntStream.range(0, layers)
                .mapToObj(i -> i % config.size("global_attn_every_n_layers", 3) != 0)
                .toList();
    return sliding.stream().map(does -> does ? 1.0 : 0.0).toList();
  }
}
