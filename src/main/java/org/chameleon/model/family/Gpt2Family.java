package org.chameleon.model.family;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.chameleon.model.family.ModelWeight.Role;

/**
 * GPT-2: learned positions, layer norms before attention and MLP, weights of linear layers stored
 * (in, out). The one family that is trained here.
 */
public record Gpt2Family() implements ModelFamily {

  /**
   * The sizes and constants of a model.
   *
   * @param layers number of blocks
   * @param width of the hidden states
   * @param inner width between the two matrices of the MLP
   * @param heads of attention; they divide the width
   * @param context most tokens of a sequence
   * @param vocabulary number of token ids
   * @param epsilon of the norms
   * @param activation of the MLP
   * @param tied whether the token embedding is the output layer too
   */
  public record Sizes(
      int layers,
      int width,
      int inner,
      int heads,
      int context,
      int vocabulary,
      double epsilon,
      Activation activation,
      boolean tied) {

    /** Returns a model as GPT-2 is built, of another size. */
    public static Sizes usual(int layers, int width, int heads, int context, int vocabulary) {
      return new Sizes(
          layers, width, 4 * width, heads, context, vocabulary, 1e-5, Activation.GELU_TANH, true);
    }
  }

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public boolean storesInOut() {
    return true;
  }

  @Override
  public List<String> prefixes() {
    return List.of("transformer.");
  }

  @Override
  public String tokenEmbedding() {
    return "wte.weight";
  }

  /**
   * Reads {@code config.json}. {@code reorder_and_upcast_attn} moves rounding only and is not
   * looked at; dropout, caches and summaries have no part in the hidden states.
   */
  @Override
  public ModelShape shape(ModelConfig config) {
    config.require("scale_attn_weights", true);
    config.require("scale_attn_by_inverse_layer_idx", false);
    config.require("add_cross_attention", false);
    int width = config.size("n_embd");
    config.requireDivides("n_head", "n_embd");
    return shape(
        new Sizes(
            config.layers("n_layer"),
            width,
            config.size("n_inner", (int) Math.min(4L * width, Integer.MAX_VALUE)),
            config.size("n_head"),
            config.size("n_positions"),
            config.size("vocab_size"),
            config.positive("layer_norm_epsilon", 1e-5),
            config.activation("activation_function", "gelu_new"),
            config.flag("tie_word_embeddings", true)));
  }

  /** Returns a model of given sizes. */
  public ModelShape shape(Sizes sizes) {
    long width = sizes.width();
    List<List<ModelWeight>> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      blocks.add(
          new WeightTable("h." + i + ".")
              .norm("ln_1", width, true)
              .transposed("attn.c_attn", Role.MATRIX, width, 3 * width)
              .transposed("attn.c_proj", Role.RESIDUAL, width, width)
              .norm("ln_2", width, true)
              .transposed("mlp.c_fc", Role.MATRIX, width, sizes.inner())
              .transposed("mlp.c_proj", Role.RESIDUAL, sizes.inner(), width)
              .list());
    }
    return new ModelShape(
        this,
        sizes.width(),
        sizes.context(),
        sizes.vocabulary(),
        true,
        sizes.tied(),
        new Constants()
            .with("heads", sizes.heads())
            .with("epsilon", sizes.epsilon())
            .with("activation", sizes.activation().number())
            .map(),
        new WeightTable("")
            .rows("wte", sizes.vocabulary(), width)
            .rows("wpe", sizes.context(), width)
            .list(),
        blocks,
        new WeightTable("").norm("ln_f", width, true).list());
  }

  /** Returns the {@code config.json} of a model: what {@link #shape} reads back. */
  public String config(Sizes sizes) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("activation_function", sizes.activation().savedName());
    node.putArray("architectures").add("GPT2LMHeadModel");
    node.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
    node.put("bos_token_id", 0).put("eos_token_id", 0);
    node.put("initializer_range", 0.02).put("layer_norm_epsilon", sizes.epsilon());
    node.put("model_type", modelType()).put("n_ctx", sizes.context());
    node.put("n_embd", sizes.width()).put("n_head", sizes.heads());
    if (sizes.inner() != 4 * sizes.width()) {
      node.put("n_inner", sizes.inner());
    }
    node.put("n_layer", sizes.layers()).put("n_positions", sizes.context());
    node.put("tie_word_embeddings", sizes.tied()).put("torch_dtype", "float32");
    node.put("vocab_size", sizes.vocabulary());
    return node.toPrettyString() + "\n";
  }
}
