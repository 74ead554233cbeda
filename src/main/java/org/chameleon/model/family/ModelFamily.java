package org.chameleon.model.family;

import java.io.Serializable;
import java.util.List;
import org.chameleon.config.InvalidInputException;

/**
 * A family of models as data: how to read its {@code config.json}, and which weights its program
 * takes. {@link ModelFamilies} lists the families.
 */
public interface ModelFamily extends Serializable {

  /** Returns the {@code model_type} of its checkpoints. */
  String modelType();

  /** Returns the name of the resource {@code NAME.torchscript} that computes it. */
  default String program() {
    return modelType();
  }

  /** Returns whether its checkpoints store the matrices of products (in, out), as GPT-2's do. */
  default boolean storesInOut() {
    return false;
  }

  /**
   * Reads the shape of a model. Every key that changes the computation is honoured or refused; a
   * key that is not there has the value that {@code transformers} gives it.
   *
   * @throws InvalidInputException if the program does not compute this model
   */
  ModelShape shape(ModelConfig config);

  /** Returns what checkpoints of models with a task put before the names of the rest. */
  List<String> prefixes();

  /** Returns the name in a checkpoint of the weight whose rows are looked up by token id. */
  String tokenEmbedding();

  /** Returns the name in a checkpoint of the output layer of a model that predicts tokens. */
  default String output() {
    return "lm_head.weight";
  }
}
