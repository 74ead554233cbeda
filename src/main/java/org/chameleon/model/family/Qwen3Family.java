package org.chameleon.model.family;

/** Qwen 3: Llama with norms of each head of queries and keys. */
public record Qwen3Family() implements DecoderFamily {
  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int context = config.size("max_position_embeddings", 32_768);
    boolean bias = config.flag("attention_bias", false);
    return new Decoder(this, config)
        .keyHeads(32)
        .headWidth(128)
        .biases(bias, bias, false)
        .headNorms(Decoder.HeadNorms.EACH)
        .usual(1e-6, context)
        .window(LayerTypes.window(config), LayerTypes.fromLayer(config, "max_window_layers", 28))
        .shape(context);
  }
}
