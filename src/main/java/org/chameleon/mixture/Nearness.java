package org.chameleon.mixture;

import java.util.List;
import java.util.OptionalDouble;

/** How near units are to each other. */
interface Nearness {
  /** Returns families of units with nearly the same embedding, each of two or more. */
  List<List<Integer>> families();

  /** Returns the weight that units would have as one; nothing where it is not computed. */
  OptionalDouble asOne(List<Integer> family);

  /** Returns whether a unit is nearer to another than the noise of their windows. */
  boolean isUnresolved(int unit, double[] noise);
}
