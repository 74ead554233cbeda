package org.chameleon.model.family;

import java.util.List;

/**
 * RoBERTa and XLM-RoBERTa: BERT whose positions are counted from behind the padding id.
 *
 * @param modelType {@code roberta} or {@code xlm-roberta}
 */
public record RobertaFamily(String modelType) implements EncoderFamily {
  @Override
  public List<String> prefixes() {
    return List.of("roberta.");
  }

  @Override
  public String output() {
    return "lm_head.decoder.weight";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    Encoder.requirePlain(config);
    int positions = config.size("max_position_embeddings", 512);
    int padding = Math.max(0, config.integer("pad_token_id", 1));
    Encoder encoder = new Encoder(this, config, Encoder.Keys.USUAL).countedFrom(padding);
    return encoder.shape(
        positions - padding - 1,
        Encoder.Names.USUAL,
        encoder
            .embeddings(positions)
            .rows("types=token_type_embeddings", config.size("type_vocab_size", 2), encoder.width())
            .list());
  }
}
