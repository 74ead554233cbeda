package org.chameleon.cluster;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a task computed on.
 *
 * @param device {@code cpu} or {@code gpu:N}
 * @param precision number format of the matrix products
 */
public record Computed(String device, String precision)
    implements Serializable, Comparable<Computed> {

  @Override
  public int compareTo(Computed other) {
    int order = device.compareTo(other.device);
    return order != 0 ? order : precision.compareTo(other.precision);
  }

  /** Returns whether another was computed on the same kind of device in the same format. */
  public boolean isLike(Computed other) {
    return kinds().equals(other.kinds()) && precision.equals(other.precision);
  }

  private Set<String> kinds() {
    return Arrays.stream(device.split(", "))
        .map(one -> one.replaceFirst(":.*", ""))
        .collect(Collectors.toSet());
  }

  /** Returns the devices of several tasks, each once. */
  public static String devices(Collection<Computed> tasks) {
    return tasks.stream()
        .map(Computed::device)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Returns the number formats of several tasks, each once. */
  public static String precisions(Collection<Computed> tasks) {
    return tasks.stream()
        .map(Computed::precision)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return device + " " + precision;
  }
}
