package org.chameleon.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.chameleon.config.InvalidInputException;

/**
 * A family of models as data: how to read its {@code config.json}, and which weights its program
 * takes. The program is the resource {@code MODEL_TYPE.torchscript}; {@link ModelFamilies} lists
 * the families.
 */
public interface ModelFamily extends Serializable {

  /** Returns the {@code model_type} of its checkpoints, which also names its program. */
  String modelType();

  /**
   * Reads the shape of a model. Every key that changes the computation is honoured or refused.
   *
   * @throws InvalidInputException if the program does not compute this model
   */
  ModelShape shape(ModelConfig config);

  /** Returns the {@code config.json} of a model: what {@link #shape} reads back. */
  String config(ModelShape shape);

  /**
   * Returns the weights up to hidden state {@code layers}, in program order. The norm behind the
   * last block belongs to the last state.
   */
  List<ModelWeight> weights(ModelShape shape, int layers);

  /**
   * Returns the weights of a model that predicts the next token, in program order; its output layer
   * is the last, unless it is the token embedding.
   */
  default List<ModelWeight> causalWeights(ModelShape shape) {
    List<ModelWeight> weights = new ArrayList<>(weights(shape, shape.layers()));
    if (!shape.tied()) {
      List<Long> sizes = List.of((long) shape.vocabulary(), (long) shape.width());
      weights.add(new ModelWeight(OUTPUT, sizes, ModelWeight.Role.MATRIX));
    }
    return weights;
  }

  /** Returns the name of the weight whose rows are looked up by token id. */
  String tokenEmbedding();

  /** Name of an output layer of its own. */
  String OUTPUT = "lm_head.weight";

  /** Returns what checkpoints of a model with an output layer put before the names of the rest. */
  String prefix();

  /** Returns the name of a weight in a checkpoint of a model that predicts the next token. */
  default String savedName(String weight) {
    return weight.equals(OUTPUT) ? weight : prefix() + weight;
  }
}
