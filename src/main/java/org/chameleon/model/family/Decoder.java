package org.chameleon.model.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chameleon.config.InvalidInputException;

/**
 * A model that {@code llama.torchscript} computes, in the making: blocks of attention and a gated
 * MLP with RMS norms and rotary positions. What families differ in is set one by one; the program
 * sees it by a constant, or by which weights there are.
 */
final class Decoder {
  private final ModelFamily family;
  private final ModelConfig config;
  private final int layers;
  private final int width;
  private final int heads;
  private final Constants constants = new Constants();
  private int keyHeads;
  private int headWidth;
  private boolean causal = true;
  private boolean tied;
  private boolean inputBias;
  private boolean outputBias;
  private boolean mlpBias;
  private List<String> norms = List.of("input_layernorm", "", "post_attention_layernorm", "");
  private HeadNorms headNorms = HeadNorms.NONE;

  /** What of queries and keys has a norm. */
  enum HeadNorms {
    /** Nothing. */
    NONE,
    /** Each head by itself. */
    EACH,
    /** All heads together. */
    TOGETHER
  }

  /** Reads what all of them say by the same keys. */
  Decoder(ModelFamily family, ModelConfig config) {
    this.family = family;
    this.config = config;
    this.layers = config.layers("num_hidden_layers");
    this.width = config.size("hidden_size");
    this.heads = config.size("num_attention_heads");
    this.keyHeads = heads;
    config.require("partial_rotary_factor", 1.0);
    constants
        .with("heads", heads)
        .with("norm_offset", 0)
        .with("embedding_scale", 1)
        .with("sliding", Collections.nCopies(layers, 0.0))
        .with("window", 0);
  }

  /** Sets how many heads keys and values have where the configuration does not say; null: all. */
  Decoder keyHeads(int unset) {
    String key = "num_key_value_heads";
    keyHeads = config.isNull(key) ? heads : config.size(key, unset);
    if (heads % keyHeads != 0) {
      config.requireDivides(key, "num_attention_heads");
    }
    return this;
  }

  /** Sets the width of a head where the configuration does not say; 0: all heads fill the width. */
  Decoder headWidth(int unset) {
    if (unset == 0 && !config.has("head_dim")) {
      config.requireDivides("num_attention_heads", "hidden_size");
    }
    headWidth = config.size("head_dim", unset == 0 ? width / heads : unset);
    if (headWidth % 2 != 0) {
      throw new InvalidInputException(
          "Cannot use this checkpoint: its heads of width %d have no pairs to turn."
              .formatted(headWidth));
    }
    return scale(headWidth);
  }

  /** Sets the number whose inverse root the scores are multiplied by; the head's width if unset. */
  Decoder scale(double square) {
    constants.with("scale", 1 / Math.sqrt(square));
    return this;
  }

  Decoder biases(boolean input, boolean output, boolean mlp) {
    inputBias = input;
    outputBias = output;
    mlpBias = mlp;
    return this;
  }

  /**
   * Names the norms in a checkpoint before and behind attention and MLP; "" where there is none.
   */
  Decoder norms(String beforeAttention, String afterAttention, String beforeMlp, String afterMlp) {
    norms = List.of(beforeAttention, afterAttention, beforeMlp, afterMlp);
    return this;
  }

  Decoder headNorms(HeadNorms kind) {
    headNorms = kind;
    return this;
  }

  /** Sets what is added to the scales of norms, and what token embeddings are multiplied by. */
  Decoder offsets(double norm, double embedding) {
    constants.with("norm_offset", norm).with("embedding_scale", embedding);
    return this;
  }

  /** Lets a token see those behind it too. */
  Decoder seesAhead() {
    causal = false;
    return this;
  }

  /** Sets the activation, the norms' epsilon, and whether input and output layer are one. */
  Decoder constants(Activation activation, double epsilon, boolean tied) {
    constants.with("activation", activation.number()).with("epsilon", epsilon);
    this.tied = tied;
    return this;
  }

  /**
   * Sets what most families say by the same keys: activation, epsilon, whether input and output
   * layer are one, and positions that all layers share.
   *
   * @param epsilon where the configuration does not say
   */
  Decoder usual(double epsilon, int context) {
    Rotary all = Rotary.of(config, "rope_theta", 10_000);
    return constants(
            config.activation("hidden_act", "silu"),
            config.positive("rms_norm_eps", epsilon),
            config.flag("tie_word_embeddings", false))
        .rotary(all, all, context);
  }

  /** Sets positions of layers that see all, and of those that see a window. */
  Decoder rotary(Rotary full, Rotary sliding, int context) {
    constants
        .with("rotary", full.frequencies(headWidth, context))
        .with("rotary_sliding", sliding.frequencies(headWidth, context));
    return this;
  }

  /**
   * Lets some layers see only what is near.
   *
   * @param window a token sees others that are less than so many tokens away
   * @param sliding which layers do
   */
  Decoder window(int window, List<Boolean> sliding) {
    constants
        .with("window", window)
        .with("sliding", sliding.stream().map(does -> does ? 1.0 : 0.0).toList());
    return this;
  }

  ModelShape shape(int context) {
    int vocabulary = config.size("vocab_size");
    int inner = config.size("intermediate_size");
    List<List<ModelWeight>> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      blocks.add(block(i, inner));
    }
    return new ModelShape(
        family,
        width,
        context,
        vocabulary,
        causal,
        tied,
        constants.with("key_heads", keyHeads).map(),
        new WeightTable("").rows("embed_tokens", vocabulary, width).list(),
        blocks,
        new WeightTable("").scale("norm", width).list());
  }

  private List<ModelWeight> block(int layer, int inner) {
    WeightTable table = new WeightTable("layers." + layer + ".");
    List<String> names = List.of("before_attention", "after_attention", "before_mlp", "after_mlp");
    for (int i = 0; i < names.size(); i++) {
      if (!norms.get(i).isEmpty()) {
        table.scale(names.get(i) + "=" + norms.get(i), width);
      }
    }
    long queries = (long) heads * headWidth;
    long keys = (long) keyHeads * headWidth;
    if (headNorms != HeadNorms.NONE) {
      boolean each = headNorms == HeadNorms.EACH;
      table.scale("self_attn.q_norm", each ? headWidth : queries);
      table.scale("self_attn.k_norm", each ? headWidth : keys);
    }
    return table
        .linear("self_attn.q_proj", queries, width, inputBias)
        .linear("self_attn.k_proj", keys, width, inputBias)
        .linear("self_attn.v_proj", keys, width, inputBias)
        .residual("self_attn.o_proj", width, queries, outputBias)
        .linear("mlp.gate_proj", inner, width, mlpBias)
        .linear("mlp.up_proj", inner, width, mlpBias)
        .residual("mlp.down_proj", width, inner, mlpBias)
        .list();
  }
}
