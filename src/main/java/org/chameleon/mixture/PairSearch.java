package org.chameleon.mixture;

import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Compares blocks of domains with blocks. Block b is compared with itself and with the half of all
 * blocks that follows it, in a ring: so each pair is looked at once, and no part has more to do
 * than another.
 */
final class PairSearch implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ROWS = 256;

  private final double[] rows;
  private final double[] squares;
  private final int[] places;
  private final int width;

  /**
   * Creates a search.
   *
   * @param rows all embeddings, part after part
   * @param places of each row among the names
   */
  PairSearch(double[] rows, int[] places, int width) {
    this.rows = rows;
    this.places = places;
    this.width = width;
    this.squares = new double[places.length];
    Arrays.setAll(squares, i -> DualSystem.Block.dot(rows, i * width, rows, i * width, width));
  }

  /** Returns the sum of all squared distances from the centroid, where the rows are centred. */
  double trace() {
    return Arrays.stream(squares).sum();
  }

  /** Returns what the blocks that begin in a part find, for all domains. */
  Nearest of(List<String> names, Map<String, Integer> place) {
    Nearest nearest = new Nearest(places.length);
    if (names.isEmpty()) {
      return nearest;
    }
    int from = first(place.get(names.get(0)));
    int blocks = (places.length + ROWS - 1) / ROWS;
    double[] products = new double[ROWS * ROWS];
    for (int block = (from + ROWS - 1) / ROWS; block * ROWS < from + names.size(); block++) {
      for (int step = 0; step <= blocks / 2; step++) {
        int other = (block + step) % blocks;
        // With an even number of blocks the one opposite is met from both sides.
        if (2 * step < blocks || block < other || step == 0) {
          compare(block * ROWS, other * ROWS, products, nearest);
        }
      }
    }
    return nearest;
  }

  private int first(int place) {
    int at = 0;
    while (places[at] != place) {
      at++;
    }
    return at;
  }

  private void compare(int one, int other, double[] products, Nearest nearest) {
    int m = Math.min(ROWS, places.length - one);
    int n = Math.min(ROWS, places.length - other);
    BLAS.getInstance()
        .dgemm(
            "T",
            "N",
            m,
            n,
            width,
            1,
            rows,
            one * width,
            width,
            rows,
            other * width,
            width,
            0,
            products,
            0,
            m);
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        if (one != other || i < j) {
          double distance =
              Math.max(0, squares[one + i] + squares[other + j] - 2 * products[i + j * m]);
          nearest.add(places[one + i], places[other + j], distance);
          nearest.add(places[other + j], places[one + i], distance);
        }
      }
    }
  }
}
