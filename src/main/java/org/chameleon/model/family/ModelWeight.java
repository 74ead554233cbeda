package org.chameleon.model.family;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A weight of a model as its family describes it.
 *
 * @param name in the program
 * @param saved name in a checkpoint, but for a prefix
 * @param sizes of its dimensions, row-major
 * @param role what it does in the model
 */
public record ModelWeight(String name, String saved, List<Long> sizes, Role role)
    implements Serializable {

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
  public static String text(List<Long> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }
}
