package org.chameleon.model.family;

import java.util.ArrayList;
import java.util.List;

/** MPNet: RoBERTa without token types, with a bias of the scores by distance. */
public record MpnetFamily() implements EncoderFamily {
  /** Of positions, whatever {@code pad_token_id} says. */
  private static final int PADDING = 1;

  /** Of distances, half of them for each direction. */
  private static final int BUCKETS = 32;

  private static final Encoder.Names NAMES =
      new Encoder.Names(
          "encoder.layer.",
          "attention.attn.q",
          "attention.attn.k",
          "attention.attn.v",
          "attention.attn.o",
          "attention.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  @Override
  public String modelType() {
    return "mpnet";
  }

  @Override
  public List<String> prefixes() {
    return List.of("mpnet.");
  }

  @Override
  public String output() {
    return "lm_head.decoder.weight";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int positions = config.size("max_position_embeddings", 512);
    if (config.size("relative_attention_num_buckets", BUCKETS) != BUCKETS) {
      throw config.unknown("relative_attention_num_buckets");
    }
    Encoder encoder = new Encoder(this, config, Encoder.Keys.USUAL).countedFrom(PADDING);
    List<ModelWeight> embeddings = new ArrayList<>(encoder.embeddings(positions).list());
    embeddings.addAll(
        new WeightTable("", "encoder.")
            .rows("distances=relative_attention_bias", BUCKETS, encoder.heads())
            .list());
    return encoder.shape(positions - PADDING - 1, NAMES, embeddings);
  }
}
