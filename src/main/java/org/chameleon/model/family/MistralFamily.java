package org.chameleon.model.family;

import java.util.Collections;

/** Mistral: Llama without biases, whose layers may all see only a window. */
public record MistralFamily() implements DecoderFamily {
  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int layers = config.layers("num_hidden_layers");
    int context = config.size("max_position_embeddings", 131_072);
    Decoder decoder = new Decoder(this, config).keyHeads(8).headWidth(0).usual(1e-6, context);
    config.requireNothing("layer_types");
    boolean all = config.isNull("sliding_window");
    return (all
            ? decoder
            : decoder.window(
                config.size("sliding_window", 4096), Collections.nCopies(layers, true)))
        .shape(context);
  }
}
