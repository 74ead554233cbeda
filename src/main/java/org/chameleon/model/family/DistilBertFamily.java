package org.chameleon.model.family;

import java.util.List;

/** DistilBERT: BERT without token types, with names of its own. */
public record DistilBertFamily() implements EncoderFamily {
  private static final Encoder.Keys KEYS =
      new Encoder.Keys("n_layers", "dim", "n_heads", "hidden_dim", "activation");

  private static final Encoder.Names NAMES =
      new Encoder.Names(
          "transformer.layer.",
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  @Override
  public String modelType() {
    return "distilbert";
  }

  @Override
  public List<String> prefixes() {
    return List.of("distilbert.");
  }

  @Override
  public String output() {
    return "vocab_projector.weight";
  }

  @Override
  public ModelShape shape(ModelConfig config) {
    int context = config.size("max_position_embeddings", 512);
    Encoder encoder = new Encoder(this, config, KEYS);
    return encoder.shape(context, NAMES, encoder.embeddings(context).list());
  }
}
