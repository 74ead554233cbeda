package org.chameleon.mixture;

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

  /** Embeddings of a part. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  private record Part(List<String> names, double[] means) implements Serializable {}

  /**
   * Compares every domain with every other, once: k² d operations, block by block.
   *
   * @param names of the domains, in order
   */
  static Neighbours of(EmbeddingParts parts, List<String> names) {
    int width = parts.width();
    Map<String, Integer> place = new HashMap<>();
    names.forEach(name -> place.put(name, place.size()));
    double[] all = new double[names.size() * width];
    int[] places = new int[names.size()];
    int count = 0;
    for (Part part : parts.each(part -> part(part, width))) {
      System.arraycopy(part.means(), 0, all, count * width, part.means().length);
      for (String name : part.names()) {
        places[count++] = place.get(name);
      }
    }
    PairSearch search = new PairSearch(centred(all, width), places, width);
    Nearest nearest = new Nearest(names.size());
    parts
        .each(part -> search.of(ManyDomains.listed(part).names(), place))
        .forEach(found -> found.into(nearest));
    double near = Families.near(search.trace(), names.size());
    return new Neighbours(nearest.places(), nearest.distances(), near);
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
