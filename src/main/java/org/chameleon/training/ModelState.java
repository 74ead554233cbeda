package org.chameleon.training;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;

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
    for (ModelWeight weight : shape.causalWeights()) {
      tensors.put(weight.name(), initial(weight, shape.layers(), random.split()));
    }
    return new ModelState(tensors);
  }

  /**
   * Returns values to start training with, as in GPT-2: norms scale by 1, biases are 0, the rest is
   * normal with standard deviation 0.02, over √(2 layers) where the residual stream sums 2 layers
   * of it.
   */
  static Safetensors.Tensor initial(ModelWeight weight, int layers, SplittableRandom random) {
    float[] values = new float[Math.toIntExact(weight.count())];
    double spread =
        switch (weight.role()) {
          case EMBEDDING, MATRIX -> 0.02;
          case RESIDUAL -> 0.02 / Math.sqrt(2.0 * layers);
          case NORM, NORM_BIAS, BIAS -> 0;
        };
    float constant = weight.role() == ModelWeight.Role.NORM ? 1 : 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = spread > 0 ? (float) (spread * random.nextGaussian()) : constant;
    }
    return new Safetensors.Tensor(
        weight.sizes().stream().mapToLong(Long::longValue).toArray(), values);
  }

  /**
   * Reads the weights of a trained causal model.
   *
   * @throws org.chameleon.config.InvalidInputException if one is missing, of other sizes, or not
   *     finite
   */
  public static ModelState read(Checkpoint checkpoint, Configuration hadoop) {
    SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
    List<ModelWeight> weights = checkpoint.shape().causalWeights();
    checkpoint.weights(
        weights, hadoop, (weight, tensor) -> tensors.put(weight.name(), tensor.read()));
    return new ModelState(tensors);
  }

  /** Returns the number of values. */
  public long parameters() {
    return tensors.values().stream().mapToLong(tensor -> tensor.values().length).sum();
  }

  /** Returns the tensors under the names of a checkpoint with a language model head. */
  public SortedMap<String, Safetensors.Tensor> saved(ModelShape shape) {
    SortedMap<String, Safetensors.Tensor> saved = new TreeMap<>();
    shape
        .causalWeights()
        .forEach(weight -> saved.put(shape.savedName(weight), tensors.get(weight.name())));
    return saved;
  }
}
