package org.chameleon.model;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A weight of a model as its family describes it.
 *
 * @param name in the program, and in a checkpoint but for its prefix
 * @param sizes of its dimensions, row-major
 * @param role what it does in the model
 */
public record ModelWeight(String name, List<Long> sizes, Role role) {

  /** Copies the sizes and refuses one that is not positive. */
  public ModelWeight {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("Weight '%s' of sizes %s".formatted(name, sizes));
    }
  }

  /** What a weight does: decides the values it starts training with, and its number format. */
  public enum Role {
    /** Rows that are looked up. */
    EMBEDDING,
    /** Scale of a norm. */
    NORM,
    /** What a norm adds. */
    NORM_BIAS,
    /** What is added to a product. */
    BIAS,
    /** A matrix that states are multiplied by. */
    MATRIX,
    /** A matrix whose product is added to the residual stream. */
    RESIDUAL;

    /** Returns whether it takes part in matrix products and so takes their precision. */
    public boolean isMultiplied() {
      return this == BIAS || isMatrix();
    }

    /** Returns whether states are multiplied by it. */
    public boolean isMatrix() {
      return this == MATRIX || this == RESIDUAL;
    }
  }

  /** Returns the number of values. */
  public long count() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** Returns whether an array has these sizes. */
  public boolean fits(long[] shape) {
    return LongStream.of(shape).boxed().toList().equals(sizes);
  }

  /** Returns sizes as they are written: {@code (768, 2304)}. */
  static String text(List<Long> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  /**
   * Returns values to start training with, as in GPT-2: norms scale by 1, biases are 0, the rest is
   * normal with standard deviation 0.02, over √(2 layers) where the residual stream sums 2 layers
   * of it.
   *
   * @param layers blocks of the model
   */
  public Safetensors.Tensor initial(int layers, SplittableRandom random) {
    float[] values = new float[Math.toIntExact(count())];
    double spread =
        switch (role) {
          case EMBEDDING, MATRIX -> 0.02;
          case RESIDUAL -> 0.02 / Math.sqrt(2.0 * layers);
          case NORM, NORM_BIAS, BIAS -> 0;
        };
    for (int i = 0; i < values.length; i++) {
      values[i] = spread > 0 ? (float) (spread * random.nextGaussian()) : role == Role.NORM ? 1 : 0;
    }
    return new Safetensors.Tensor(sizes.stream().mapToLong(Long::longValue).toArray(), values);
  }
}
