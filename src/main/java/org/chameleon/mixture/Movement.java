package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;

/**
 * What moved the weight of a domain from one mixture to another, in parts that add up to the whole.
 * Each part is what its step changes, in this order: the settings become the later ones, domains
 * that are gone are left out, sizes become the later ones, the domain's own mean does, the means of
 * the others do, new domains come.
 *
 * @param domain of both mixtures
 * @param settings of {@code mixture}
 * @param gone the domains that are gone
 * @param sizes of the domains, which families are weighted by
 * @param own mean of the domain itself; null where it cannot be told from those of the others:
 *     embeddings of two proxies, or very many domains
 * @param others means of the others, or of all
 * @param come the new domains
 * @param rest what remains: the correction of {@code mixture.debias}
 */
public record Movement(
    String domain,
    double settings,
    double gone,
    double sizes,
    Double own,
    double others,
    double come,
    double rest) {

  /** Each domain's own mean costs a solution of O(k³). */
  private static final int MOST_APART = 200;

  /**
   * One of two mixtures.
   *
   * @param embeddings means of its domains
   * @param mixture as it was computed of them
   * @param config that it was computed with
   * @param tokens of the domains; empty where not known
   */
  public record Side(
      DomainEmbeddings embeddings,
      Mixture mixture,
      MixtureConfig config,
      Map<String, Long> tokens) {
    /** Copies the sizes. */
    public Side {
      tokens = new TreeMap<>(tokens);
    }
  }

  /**
   * The domain that a new one is most like.
   *
   * @param domain that is new
   * @param nearest of the domains that were there
   * @param cosine of their centred embeddings, in [-1, 1]
   */
  public record Nearest(String domain, String nearest, double cosine) {}

  /**
   * Explains the weights of all domains that two mixtures have in common.
   *
   * @param sameProxy whether the embeddings are of one proxy
   */
  public static List<Movement> of(Side before, Side after, boolean sameProxy) {
    SortedMap<String, double[]> means = means(before);
    SortedMap<String, double[]> later = means(after);
    Set<String> common = new TreeSet<>(means.keySet());
    common.retainAll(later.keySet());
    if (common.isEmpty()) {
      return List.of();
    }
    SortedMap<String, Double> start = solved(means, before.tokens(), before.config());
    SortedMap<String, Double> settings = solved(means, before.tokens(), after.config());
    means.keySet().retainAll(common);
    SortedMap<String, Double> gone = solved(means, before.tokens(), after.config());
    SortedMap<String, Double> sizes = solved(means, after.tokens(), after.config());
    SortedMap<String, double[]> moved = new TreeMap<>(later);
    moved.keySet().retainAll(common);
    SortedMap<String, Double> all = solved(moved, after.tokens(), after.config());
    SortedMap<String, Double> come = solved(later, after.tokens(), after.config());
    boolean comparable = sameProxy && width(means) == width(later);
    boolean apart = comparable && common.size() <= MOST_APART;
    List<Movement> movements = new ArrayList<>();
    for (String domain : common) {
      double own = sizes.get(domain);
      if (apart) {
        SortedMap<String, double[]> one = new TreeMap<>(means);
        one.put(domain, later.get(domain));
        own = solved(one, after.tokens(), after.config()).get(domain);
      }
      double whole = weight(after.mixture(), domain) - weight(before.mixture(), domain);
      movements.add(
          new Movement(
              domain,
              settings.get(domain) - start.get(domain),
              gone.get(domain) - settings.get(domain),
              sizes.get(domain) - gone.get(domain),
              apart ? (Double) (own - sizes.get(domain)) : null,
              all.get(domain) - own,
              come.get(domain) - all.get(domain),
              whole - (come.get(domain) - start.get(domain))));
    }
    return movements;
  }

  private static SortedMap<String, double[]> means(Side side) {
    SortedMap<String, double[]> means = new TreeMap<>();
    side.embeddings().domains().forEach(domain -> means.put(domain.domain(), domain.mean()));
    return means;
  }

  private static int width(SortedMap<String, double[]> means) {
    return means.get(means.firstKey()).length;
  }

  private static double weight(Mixture mixture, String domain) {
    return mixture.domains().stream()
        .filter(one -> one.name().equals(domain))
        .findFirst()
        .orElseThrow()
        .weight();
  }

  private static SortedMap<String, Double> solved(
      SortedMap<String, double[]> means, Map<String, Long> tokens, MixtureConfig config) {
    List<DomainEmbedding> domains = new ArrayList<>();
    means.forEach((name, mean) -> domains.add(new DomainEmbedding(name, 1, mean, List.of())));
    MixtureConfig among = config.among(means.keySet());
    Units units = Units.of(new DomainEmbeddings(domains), tokens, among);
    double[] weights = Solution.of(units, among).weights();
    SortedMap<String, Double> solved = new TreeMap<>();
    int next = 0;
    for (String name : means.keySet()) {
      solved.put(name, weights[next++]);
    }
    return solved;
  }

  /**
   * Returns, for each domain of a mixture that is new, the one it is most like of those that are
   * not.
   */
  public static List<Nearest> nearest(Mixture mixture, Set<String> come) {
    List<Mixture.Domain> domains = mixture.domains();
    double[][] affinity = mixture.affinity();
    List<Nearest> found = new ArrayList<>();
    for (int i = 0; affinity != null && i < domains.size(); i++) {
      Nearest best = null;
      for (int j = 0; j < domains.size() && come.contains(domains.get(i).name()); j++) {
        double norms = Math.sqrt(affinity[i][i] * affinity[j][j]);
        double cosine = norms > 0 ? affinity[i][j] / norms : 0;
        boolean old = !come.contains(domains.get(j).name());
        if (old && (best == null || cosine > best.cosine())) {
          best = new Nearest(domains.get(i).name(), domains.get(j).name(), cosine);
        }
      }
      if (best != null) {
        found.add(best);
      }
    }
    return found;
  }
}
