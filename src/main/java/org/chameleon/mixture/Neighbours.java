package org.chameleon.mixture;

import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.EmbeddingParts;

/**
 * The nearest neighbours of each domain, of so many that the affinity of all pairs is not made.
 *
 * @param places of each domain's neighbours among all, the nearest first
 * @param distances squared distance of each
 * @param near squared distance of near-duplicates
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
record Neighbours(int[][] places, double[][] distances, double near) implements Nearness {
  /** Neighbours of each domain. */
  static final int EACH = 5;

  private static final int ROWS = 256;
  private static final int COLUMNS = 1024;

  /** Embeddings of a part. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  private record Part(List<String> names, double[] means) implements Serializable {}

  /** What was found for the domains of a part. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  private record Found(List<String> names, int[][] places, double[][] distances)
      implements Serializable {}

  /**
   * Compares every domain with every other: k² d operations, block by block.
   *
   * @param names of the domains, in order
   * @param near squared distance of near-duplicates
   */
  static Neighbours of(EmbeddingParts parts, List<String> names, double near) {
    int width = parts.width();
    Map<String, Integer> place = new HashMap<>();
    names.forEach(name -> place.put(name, place.size()));
    double[] all = new double[names.size() * width];
    for (Part part : parts.each(part -> part(part, width))) {
      for (int i = 0; i < part.names().size(); i++) {
        int to = place.get(part.names().get(i)) * width;
        System.arraycopy(part.means(), i * width, all, to, width);
      }
    }
    int[][] places = new int[names.size()][];
    double[][] distances = new double[names.size()][];
    Others others = new Others(centred(all, width), width);
    for (Found found : parts.each(part -> others.of(part, place))) {
      for (int i = 0; i < found.names().size(); i++) {
        int at = place.get(found.names().get(i));
        places[at] = found.places()[i];
        distances[at] = found.distances()[i];
      }
    }
    return new Neighbours(places, distances, near);
  }

  /** Returns the neighbours of a domain. */
  List<Mixture.Neighbour> of(int domain, List<String> names) {
    List<Mixture.Neighbour> all = new ArrayList<>();
    for (int j = 0; j < places[domain].length; j++) {
      String name = names.get(places[domain][j]);
      all.add(new Mixture.Neighbour(name, distances[domain][j]));
    }
    return all;
  }

  private static Part part(Iterator<DomainEmbedding> embeddings, int width) {
    List<String> names = new ArrayList<>();
    List<double[]> means = new ArrayList<>();
    embeddings.forEachRemaining(
        domain -> {
          names.add(domain.domain());
          means.add(domain.mean());
        });
    double[] flat = new double[names.size() * width];
    for (int i = 0; i < means.size(); i++) {
      System.arraycopy(means.get(i), 0, flat, i * width, width);
    }
    return new Part(names, flat);
  }

  /** Distances are differences of products: what all have in common would cost digits. */
  private static double[] centred(double[] rows, int width) {
    int count = rows.length / width;
    double[] centroid = new double[width];
    for (int i = 0; i < rows.length; i++) {
      centroid[i % width] += rows[i] / count;
    }
    double[] centred = new double[rows.length];
    Arrays.setAll(centred, i -> rows[i] - centroid[i % width]);
    return centred;
  }

  /** All embeddings, row after row, and their squared lengths. */
  private static final class Others implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] rows;
    private final double[] squares;
    private final int width;

    Others(double[] rows, int width) {
      this.rows = rows;
      this.width = width;
      this.squares = new double[rows.length / width];
      Arrays.setAll(squares, i -> DualSystem.Block.dot(rows, i * width, rows, i * width, width));
    }

    Found of(Iterator<DomainEmbedding> embeddings, Map<String, Integer> place) {
      List<String> names = new ArrayList<>();
      embeddings.forEachRemaining(domain -> names.add(domain.domain()));
      int[][] places = new int[names.size()][];
      double[][] distances = new double[names.size()][];
      for (int from = 0; from < names.size(); from += ROWS) {
        int[] some =
            names.subList(from, Math.min(names.size(), from + ROWS)).stream()
                .mapToInt(place::get)
                .toArray();
        search(some, from, places, distances);
      }
      return new Found(names, places, distances);
    }

    private void search(int[] some, int from, int[][] places, double[][] distances) {
      double[] block = new double[some.length * width];
      for (int i = 0; i < some.length; i++) {
        System.arraycopy(rows, some[i] * width, block, i * width, width);
        places[from + i] = new int[0];
        distances[from + i] = new double[0];
      }
      double[] products = new double[COLUMNS * some.length];
      for (int first = 0; first < squares.length; first += COLUMNS) {
        int count = Math.min(COLUMNS, squares.length - first);
        BLAS.getInstance()
            .dgemm(
                "T",
                "N",
                count,
                some.length,
                width,
                1,
                rows,
                first * width,
                width,
                block,
                0,
                width,
                0,
                products,
                0,
                count);
        for (int i = 0; i < some.length; i++) {
          for (int j = 0; j < count; j++) {
            int other = first + j;
            double product = products[i * count + j];
            double distance = Math.max(0, squares[some[i]] + squares[other] - 2 * product);
            if (other != some[i]) {
              insert(other, distance, from + i, places, distances);
            }
          }
        }
      }
    }

    /** Keeps the nearest; of two at one distance the first. */
    private static void insert(
        int other, double distance, int row, int[][] places, double[][] distances) {
      int count = places[row].length;
      if (count == EACH && distance >= distances[row][count - 1]) {
        return;
      }
      if (count < EACH) {
        places[row] = Arrays.copyOf(places[row], count + 1);
        distances[row] = Arrays.copyOf(distances[row], count + 1);
      } else {
        count--;
      }
      int at = count;
      while (at > 0 && distance < distances[row][at - 1]) {
        places[row][at] = places[row][at - 1];
        distances[row][at] = distances[row][at - 1];
        at--;
      }
      places[row][at] = other;
      distances[row][at] = distance;
    }
  }

  /** A near pair is one of neighbours, unless either has nearer ones enough, which join them. */
  @Override
  public List<List<Integer>> families() {
    Families families = new Families(places.length);
    for (int i = 0; i < places.length; i++) {
      for (int j = 0; j < places[i].length; j++) {
        if (distances[i][j] < near) {
          families.join(i, places[i][j]);
        }
      }
    }
    return families.found();
  }

  @Override
  public OptionalDouble asOne(List<Integer> family) {
    return OptionalDouble.empty();
  }

  @Override
  public boolean isUnresolved(int unit, double[] noise) {
    for (int j = 0; j < places[unit].length; j++) {
      double both = noise[unit] + noise[places[unit][j]];
      if (both > 0 && distances[unit][j] < 2 * both) {
        return true;
      }
    }
    return false;
  }
}
