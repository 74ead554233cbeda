package org.chameleon.training;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.model.Safetensors;

/**
 * A sum of model states and how many they are: sums merge, in any grouping, and the mean comes from
 * them. Sums are float64, so that the mean of equal states is that state to the last bit.
 *
 * @param count states
 * @param sums by name
 */
public record StateSum(long count, SortedMap<String, Sum> sums) implements Serializable {

  /**
   * The sum of one tensor.
   *
   * @param sizes of its dimensions
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Sum(List<Long> sizes, double[] values) implements Serializable {
    /** Copies the sizes. */
    public Sum {
      sizes = List.copyOf(sizes);
    }

    private static Sum of(Safetensors.Tensor tensor) {
      double[] values = new double[tensor.values().length];
      Arrays.setAll(values, i -> tensor.values()[i]);
      return new Sum(Arrays.stream(tensor.shape()).boxed().toList(), values);
    }

    private Sum plus(Sum other) {
      if (!sizes.equals(other.sizes)) {
        throw new IllegalArgumentException(
            "Cannot add weights of sizes %s and %s".formatted(sizes, other.sizes));
      }
      double[] total = new double[values.length];
      Arrays.setAll(total, i -> values[i] + other.values[i]);
      return new Sum(sizes, total);
    }

    private Safetensors.Tensor over(long count) {
      float[] mean = new float[values.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) (values[i] / count);
      }
      return new Safetensors.Tensor(sizes.stream().mapToLong(Long::longValue).toArray(), mean);
    }
  }

  /** Copies the map; refuses a sum of nothing. */
  public StateSum {
    if (count < 1) {
      throw new IllegalArgumentException("A sum of " + count + " states");
    }
    sums = Collections.unmodifiableSortedMap(new TreeMap<>(sums));
  }

  /** Returns the sum of one state. */
  public static StateSum of(ModelState state) {
    SortedMap<String, Sum> sums = new TreeMap<>();
    state.tensors().forEach((name, tensor) -> sums.put(name, Sum.of(tensor)));
    return new StateSum(1, sums);
  }

  /**
   * Returns the sum of both.
   *
   * @throws IllegalArgumentException if their names or sizes differ
   */
  public StateSum merge(StateSum other) {
    if (!sums.keySet().equals(other.sums.keySet())) {
      throw new IllegalArgumentException(
          "Cannot add weights %s and %s".formatted(sums.keySet(), other.sums.keySet()));
    }
    SortedMap<String, Sum> total = new TreeMap<>();
    sums.forEach((name, sum) -> total.put(name, sum.plus(other.sums.get(name))));
    return new StateSum(count + other.count, total);
  }

  /** Returns the mean of the states. */
  public ModelState mean() {
    SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
    sums.forEach((name, sum) -> tensors.put(name, sum.over(count)));
    return new ModelState(tensors);
  }
}
