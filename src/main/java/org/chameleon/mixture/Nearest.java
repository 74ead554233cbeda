package org.chameleon.mixture;

import java.io.Serializable;
import java.util.Arrays;

/** The nearest of each of so many domains, as they are found. */
final class Nearest implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[][] places;
  private final double[][] distances;

  Nearest(int domains) {
    this.places = new int[domains][];
    this.distances = new double[domains][];
  }

  /** Keeps another domain if it is among the nearest; of two at one distance the first. */
  void add(int domain, int other, double distance) {
    int[] others = places[domain];
    if (others == null) {
      places[domain] = new int[] {other};
      distances[domain] = new double[] {distance};
      return;
    }
    int last = others.length - 1;
    boolean isFull = others.length == Neighbours.EACH;
    if (isFull && !isBefore(distance, other, domain, last)) {
      return;
    }
    if (!isFull) {
      places[domain] = Arrays.copyOf(others, ++last + 1);
      distances[domain] = Arrays.copyOf(distances[domain], last + 1);
    }
    int at = last;
    while (at > 0 && isBefore(distance, other, domain, at - 1)) {
      places[domain][at] = places[domain][at - 1];
      distances[domain][at] = distances[domain][at - 1];
      at--;
    }
    places[domain][at] = other;
    distances[domain][at] = distance;
  }

  private boolean isBefore(double distance, int other, int domain, int at) {
    double there = distances[domain][at];
    return distance < there || (distance == there && other < places[domain][at]);
  }

  /** Adds all that was found here. */
  void into(Nearest all) {
    for (int i = 0; i < places.length; i++) {
      for (int j = 0; places[i] != null && j < places[i].length; j++) {
        all.add(i, places[i][j], distances[i][j]);
      }
    }
  }

  int[][] places() {
    return Arrays.stream(places).map(p -> p == null ? new int[0] : p).toArray(int[][]::new);
  }

  double[][] distances() {
    return Arrays.stream(distances)
        .map(d -> d == null ? new double[0] : d)
        .toArray(double[][]::new);
  }
}
