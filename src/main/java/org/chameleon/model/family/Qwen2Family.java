package org.chameleon.model.family;

/** Qwen 2 and 2.5: Llama with biases of queries, keys and values. */
public record Qwen2Family() implements DecoderFamily {
  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int context = config.size("max_position_embeddings", 32_768);
    return new Decoder(this, config)
        .keyHeads(32)
        .headWidth(0)
        .biases(true, false, false)
        .usual(1e-6, context)
        .window(LayerTypes.window(config), LayerTypes.fromLayer(config, "max_window_layers", 28))
        .shape(context);
  }
}
