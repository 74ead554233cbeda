package org.chameleon.model.family;

/** OLMo 2: norms behind attention and MLP, and of all heads of queries and keys together. */
public record Olmo2Family() implements DecoderFamily {
  @Override
  public String modelType() {
    return "olmo2";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int context = config.size("max_position_embeddings", 2048);
    boolean bias = config.flag("attention_bias", false);
    return new Decoder(this, config)
        .keyHeads(config.size("num_attention_heads"))
        .headWidth(0)
        .biases(bias, bias, false)
        .norms("", "post_attention_layernorm", "", "post_feedforward_layernorm")
        .headNorms(Decoder.HeadNorms.TOGETHER)
        .usual(1e-5, context)
        .shape(context);
  }
}
