package org.chameleon.training;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.ModelShape;
import org.chameleon.model.ModelWeight;
import org.chameleon.model.Safetensors;

/**
 * The weights of a model, or something of the same names and sizes, such as the optimiser's means.
 *
 * @param tensors by the names that the model's family gives them
 */
public record ModelState(SortedMap<String, Safetensors.Tensor> tensors) implements Serializable {

  /** Copies the map; the values are the caller's. */
  public ModelState {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  /** Returns random weights of a causal model to start training with, the same for a seed. */
  public static ModelState initial(ModelShape shape, long seed) {
    SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (ModelWeight weight : shape.family().causalWeights(shape)) {
      tensors.put(weight.name(), weight.initial(shape.layers(), random.split()));
    }
    return new ModelState(tensors);
  }

  /**
   * Reads the weights of a trained causal model.
   *
   * @throws org.chameleon.config.InvalidInputException if one is missing, of other sizes, or not
   *     finite
   */
  public static ModelState read(Checkpoint checkpoint, Configuration hadoop) {
    SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
    List<ModelWeight> weights = checkpoint.shape().family().causalWeights(checkpoint.shape());
    checkpoint.weights(weights, hadoop, (name, tensor) -> tensors.put(name, tensor));
    return new ModelState(tensors);
  }

  /** Returns the number of values. */
  public long parameters() {
    return tensors.values().stream().mapToLong(tensor -> tensor.values().length).sum();
  }

  /** Returns the tensors under the names of a checkpoint with a language model head. */
  public SortedMap<String, Safetensors.Tensor> saved(ModelShape shape) {
    SortedMap<String, Safetensors.Tensor> saved = new TreeMap<>();
    tensors.forEach((name, tensor) -> saved.put(shape.family().savedName(name), tensor));
    return saved;
  }
}
