package org.chameleon.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.chameleon.model.ModelWeight.Role;

/**
 * GPT-2: learned positions, layer norms before attention and MLP, weights of linear layers stored
 * (in, out).
 */
public record Gpt2Family() implements ModelFamily {

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String prefix() {
    return "transformer.";
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
    config.requireNothing("quantization_config");
    config.requireNothing("pruned_heads");
    int width = config.integer("n_embd");
    int heads = config.integer("n_head");
    return new ModelShape(
        this,
        config.integer("n_layer"),
        width,
        config.integer("n_inner", 4 * width),
        heads,
        heads,
        config.integer("n_positions"),
        config.integer("vocab_size"),
        config.number("layer_norm_epsilon", 1e-5),
        0,
        Activation.named(config.text("activation_function", "gelu_new")),
        config.flag("tie_word_embeddings", true));
  }

  @Override
  public String config(ModelShape shape) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("activation_function", name(shape.activation()));
    node.putArray("architectures").add("GPT2LMHeadModel");
    node.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
    node.put("bos_token_id", 0).put("eos_token_id", 0);
    node.put("initializer_range", 0.02).put("layer_norm_epsilon", shape.epsilon());
    node.put("model_type", modelType()).put("n_ctx", shape.context());
    node.put("n_embd", shape.width()).put("n_head", shape.heads());
    if (shape.inner() != 4 * shape.width()) {
      node.put("n_inner", shape.inner());
    }
    node.put("n_layer", shape.layers()).put("n_positions", shape.context());
    node.put("tie_word_embeddings", shape.tied()).put("torch_dtype", "float32");
    node.put("vocab_size", shape.vocabulary());
    return node.toPrettyString() + "\n";
  }

  private static String name(Activation activation) {
    return switch (activation) {
      case GELU_TANH -> "gelu_new";
      case GELU -> "gelu";
      case RELU -> "relu";
    };
  }

  @Override
  public List<ModelWeight> weights(ModelShape shape, int layers) {
    long width = shape.width();
    long inner = shape.inner();
    List<ModelWeight> weights = new ArrayList<>();
    add(weights, tokenEmbedding(), Role.EMBEDDING, (long) shape.vocabulary(), width);
    add(weights, "wpe.weight", Role.EMBEDDING, (long) shape.context(), width);
    for (int i = 0; i < layers; i++) {
      String block = "h." + i + ".";
      addNorm(weights, block + "ln_1", width);
      addLinear(weights, block + "attn.c_attn", Role.MATRIX, width, 3 * width);
      addLinear(weights, block + "attn.c_proj", Role.RESIDUAL, width, width);
      addNorm(weights, block + "ln_2", width);
      addLinear(weights, block + "mlp.c_fc", Role.MATRIX, width, inner);
      addLinear(weights, block + "mlp.c_proj", Role.RESIDUAL, inner, width);
    }
    if (layers == shape.layers()) {
      addNorm(weights, "ln_f", width);
    }
    return weights;
  }

  private static void addNorm(List<ModelWeight> weights, String name, long width) {
    add(weights, name + ".weight", Role.NORM, width);
    add(weights, name + ".bias", Role.NORM_BIAS, width);
  }

  private static void addLinear(
      List<ModelWeight> weights, String name, Role role, long in, long out) {
    add(weights, name + ".weight", role, in, out);
    add(weights, name + ".bias", Role.BIAS, out);
  }

  private static void add(List<ModelWeight> weights, String name, Role role, Long... sizes) {
    weights.add(new ModelWeight(name, List.of(sizes), role));
  }
}
