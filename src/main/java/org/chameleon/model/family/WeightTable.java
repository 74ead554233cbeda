package org.chameleon.model.family;

import java.util.ArrayList;
import java.util.List;
import org.chameleon.model.family.ModelWeight.Role;

/**
 * A list of weights in the making. Names are those of the program; where a checkpoint has another,
 * it is given as {@code "program=saved"}. Linear layers are stored (out, in).
 */
final class WeightTable {
  private final String program;
  private final String saved;
  private final List<ModelWeight> weights = new ArrayList<>();

  /** Starts a table of names that begin alike in the program and in a checkpoint. */
  WeightTable(String start) {
    this(start, start);
  }

  /** Starts a table. */
  WeightTable(String program, String saved) {
    this.program = program;
    this.saved = saved;
  }

  /** Adds rows that are looked up. */
  WeightTable rows(String name, long rows, long width) {
    return add(name, ".weight", Role.EMBEDDING, rows, width);
  }

  /** Adds a norm that only scales. */
  WeightTable scale(String name, long width) {
    return add(name, ".weight", Role.NORM, width);
  }

  /** Adds a norm that scales, and adds where it has a bias. */
  WeightTable norm(String name, long width, boolean bias) {
    scale(name, width);
    return bias ? add(name, ".bias", Role.NORM_BIAS, width) : this;
  }

  /** Adds a linear layer stored (out, in). */
  WeightTable linear(String name, long out, long in, boolean bias) {
    return linear(name, Role.MATRIX, List.of(out, in), out, bias);
  }

  /** As {@link #linear}, of a layer whose product is added to the residual stream. */
  WeightTable residual(String name, long out, long in, boolean bias) {
    return linear(name, Role.RESIDUAL, List.of(out, in), out, bias);
  }

  /** Adds a linear layer stored (in, out), with a bias. */
  WeightTable transposed(String name, Role role, long in, long out) {
    return linear(name, role, List.of(in, out), out, true);
  }

  private WeightTable linear(String name, Role role, List<Long> sizes, long out, boolean bias) {
    add(name, ".weight", role, sizes.toArray(Long[]::new));
    return bias ? add(name, ".bias", Role.BIAS, out) : this;
  }

  private WeightTable add(String name, String end, Role role, Long... sizes) {
    String[] names = name.split("=", 2);
    weights.add(
        new ModelWeight(
            program + names[0] + end, saved + names[names.length - 1] + end, List.of(sizes), role));
    return this;
  }

  List<ModelWeight> list() {
    return List.copyOf(weights);
  }
}
