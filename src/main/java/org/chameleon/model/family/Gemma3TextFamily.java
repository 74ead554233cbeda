package org.chameleon.model.family;

/**
 * Gemma 3 for text, EmbeddingGemma too: norms on both sides of attention and MLP whose scale is one
 * plus the weight, norms of each head, layers that see a window between those that see all.
 */
public record Gemma3TextFamily() implements DecoderFamily {
  @Override
  public String modelType() {
    return "gemma3_text";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    config.requireNothing("attn_logit_softcapping");
    config.requireNothing("final_logit_softcapping");
    int context = config.size("max_position_embeddings", 131_072);
    boolean bias = config.flag("attention_bias", false);
    boolean seesAhead = config.flag("use_bidirectional_attention", false);
    int window = config.size("sliding_window", 4096);
    Decoder decoder =
        new Decoder(this, config)
            .keyHeads(4)
            .headWidth(256)
            .scale(config.positive("query_pre_attn_scalar", 256))
            .biases(bias, bias, false)
            .norms(
                "input_layernorm",
                "post_attention_layernorm",
                "pre_feedforward_layernorm",
                "post_feedforward_layernorm")
            .headNorms(Decoder.HeadNorms.EACH)
            .offsets(1, Math.sqrt(config.size("hidden_size")))
            .constants(
                config.activation("hidden_activation", "gelu_pytorch_tanh"),
                config.positive("rms_norm_eps", 1e-6),
                config.flag("tie_word_embeddings", true))
            .rotary(
                Rotary.of(config, LayerTypes.FULL, "rope_theta", 1e6, true),
                Rotary.of(config, LayerTypes.SLIDING, "rope_local_base_freq", 10_000, false),
                context)
            .window(seesAhead ? window / 2 + 1 : window, LayerTypes.everyNth(config));
    return (seesAhead ? decoder.seesAhead() : decoder).shape(context);
  }
}
