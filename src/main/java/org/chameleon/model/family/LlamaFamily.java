package org.chameleon.model.family;

/** Llama, and what is built like it: RMS norms, rotary positions, a gated MLP. */
public record LlamaFamily() implements DecoderFamily {
  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int context = config.size("max_position_embeddings", 2048);
    boolean bias = config.flag("attention_bias", false);
    return new Decoder(this, config)
        .keyHeads(config.size("num_attention_heads"))
        .headWidth(0)
        .biases(bias, bias, config.flag("mlp_bias", false))
        .usual(1e-6, context)
        .shape(context);
  }
}
