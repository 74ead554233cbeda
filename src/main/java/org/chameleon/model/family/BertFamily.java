package org.chameleon.model.family;

import java.util.List;

/** BERT, and most sentence encoders: MiniLM, BGE, E5, GTE. */
public record BertFamily() implements EncoderFamily {
  @Override
  public String modelType() {
    return "bert";
  }

  @Override
  public List<String> prefixes() {
    return List.of("bert.");
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    Encoder.requirePlain(config);
    int context = config.size("max_position_embeddings", 512);
    Encoder encoder = new Encoder(this, config, Encoder.Keys.USUAL);
    return encoder.shape(
        context,
        Encoder.Names.USUAL,
        encoder
            .embeddings(context)
            .rows("types=token_type_embeddings", config.size("type_vocab_size", 2), encoder.width())
            .list());
  }
}
