package org.chameleon.mixture;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.chameleon.config.InvalidInputException;

/**
 * Domains that keep the proportions of an earlier mixture: the others get what all domains' scores
 * give them, and these share the rest as they shared it before. As one domain beside the others
 * they would count once, however many they are, and beside a single other get one half.
 *
 * @param proportions of the domains that keep them, of sum 1; 0 of the others
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
record Reuse(double[] proportions) {

  /**
   * Returns what a configuration keeps.
   *
   * @param names of the domains
   * @throws InvalidInputException if a domain is kept that there is not
   */
  static Reuse of(List<String> names, MixtureConfig config) {
    Map<String, Double> kept = config.reuse();
    TreeSet<String> unknown = new TreeSet<>(kept.keySet());
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw new InvalidInputException(
          "Cannot mix: mixture.reuse has domain '%s', and there are %s. Correct the name, or remove it."
              .formatted(unknown.first(), names));
    }
    double sum = kept.values().stream().mapToDouble(Double::doubleValue).sum();
    double all = kept.isEmpty() ? 1 : sum;
    return new Reuse(names.stream().mapToDouble(n -> kept.getOrDefault(n, 0.0) / all).toArray());
  }

  boolean isAny() {
    return Arrays.stream(proportions).anyMatch(proportion -> proportion > 0);
  }

  boolean keeps(int domain) {
    return proportions[domain] > 0;
  }

  /** Returns weights with the proportions kept. */
  double[] of(double[] exact) {
    if (!isAny()) {
      return exact;
    }
    double rest = 0;
    for (int i = 0; i < exact.length; i++) {
      rest += keeps(i) ? exact[i] : 0;
    }
    double[] weights = new double[exact.length];
    for (int i = 0; i < exact.length; i++) {
      weights[i] = keeps(i) ? rest * proportions[i] : exact[i];
    }
    return weights;
  }
}
