package org.chameleon.model.family;

import java.util.ArrayList;
import java.util.List;

/**
 * A model that {@code bert.torchscript} computes, in the making: learned positions, blocks of
 * attention over all tokens and an MLP, each with a norm behind the sum. Families differ in names
 * and in what is looked up.
 */
final class Encoder {
  private final ModelFamily family;
  private final ModelConfig config;
  private final int layers;
  private final int width;
  private final int heads;
  private final int inner;
  private final Constants constants = new Constants();

  /** What a family calls the numbers of its configuration. */
  record Keys(String layers, String width, String heads, String inner, String activation) {
    /** The keys that most of them have. */
    static final Keys USUAL =
        new Keys(
            "num_hidden_layers",
            "hidden_size",
            "num_attention_heads",
            "intermediate_size",
            "hidden_act");
  }

  /**
   * What a family calls the parts of a block in a checkpoint; {@code blocks} is what the names of
   * the first begin with, up to its number.
   */
  record Names(
      String blocks,
      String query,
      String key,
      String value,
      String output,
      String attentionNorm,
      String inner,
      String outer,
      String mlpNorm) {
    /** The names that most of them have. */
    static final Names USUAL =
        new Names(
            "encoder.layer.",
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");
  }

  /** Refuses positions of other kinds, and use as a decoder, which BERT and RoBERTa may ask for. */
  static void requirePlain(ModelConfig config) {
    config.require("position_embedding_type", "absolute");
    config.require("is_decoder", false);
    config.require("add_cross_attention", false);
  }

  /** Reads what all of them say. */
  Encoder(ModelFamily family, ModelConfig config, Keys keys) {
    config.requireDivides(keys.heads(), keys.width());
    this.family = family;
    this.config = config;
    this.layers = config.layers(keys.layers());
    this.width = config.size(keys.width());
    this.heads = config.size(keys.heads());
    this.inner = config.size(keys.inner());
    constants
        .with("heads", heads)
        .with("epsilon", config.positive("layer_norm_eps", 1e-12))
        .with("activation", config.activation(keys.activation(), "gelu").number())
        .with("padding", -1);
  }

  int width() {
    return width;
  }

  int heads() {
    return heads;
  }

  /**
   * Counts positions from behind the padding id, and leaves out tokens that are it, as models do
   * that came from fairseq.
   */
  Encoder countedFrom(int padding) {
    constants.with("padding", padding);
    return this;
  }

  /**
   * Returns the model.
   *
   * @param context most tokens of a sequence
   * @param names of its blocks
   * @param embeddings what is looked up
   */
  ModelShape shape(int context, Names names, List<ModelWeight> embeddings) {
    List<List<ModelWeight>> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      blocks.add(
          new WeightTable("blocks." + i + ".", names.blocks() + i + ".")
              .linear("query=" + names.query(), width, width, true)
              .linear("key=" + names.key(), width, width, true)
              .linear("value=" + names.value(), width, width, true)
              .residual("attention=" + names.output(), width, width, true)
              .norm("attention_norm=" + names.attentionNorm(), width, true)
              .linear("inner=" + names.inner(), inner, width, true)
              .residual("outer=" + names.outer(), width, inner, true)
              .norm("mlp_norm=" + names.mlpNorm(), width, true)
              .list());
    }
    return new ModelShape(
        family,
        width,
        context,
        config.size("vocab_size"),
        false,
        config.flag("tie_word_embeddings", true),
        constants.map(),
        embeddings,
        blocks,
        List.of());
  }

  /** Starts the table of what is looked up, with the token embedding and its norm. */
  WeightTable embeddings(int positions) {
    return new WeightTable("", "embeddings.")
        .rows("tokens=word_embeddings", config.size("vocab_size"), width)
        .rows("positions=position_embeddings", positions, width)
        .norm("embedding_norm=LayerNorm", width, true);
  }
}
