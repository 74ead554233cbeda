package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;

/**
 * What the scores are of: domains, or families of them, each with the mean of its domains' means,
 * weighted by their tokens. Splitting a domain in two changes no other weight where both are one
 * family.
 *
 * @param all ordered by their first domain
 * @param members places of the domains of each
 * @param unit of each domain, its place in the list
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
record Units(List<Unit> all, List<List<Integer>> members, int[] unit) {

  /**
   * A domain, or a family.
   *
   * @param name of the family; of a domain alone, its own
   * @param domains with their embeddings
   * @param parts of the members in the mean, of sum 1
   * @param mean embedding
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  record Unit(String name, List<DomainEmbedding> domains, double[] parts, double[] mean) {
    boolean isFamily() {
      return domains.size() > 1;
    }

    long samples() {
      return domains.stream().mapToLong(DomainEmbedding::samples).sum();
    }
  }

  /**
   * Returns the units of a configuration.
   *
   * @param tokens of each domain; empty where not known, then the domains of a family count alike
   * @throws InvalidInputException if a family has a domain that there is not, or that another has
   */
  static Units of(DomainEmbeddings embeddings, Map<String, Long> tokens, MixtureConfig config) {
    int k = embeddings.domains().size();
    String[] family = new String[k];
    List<String> names = embeddings.names();
    if (config.families().word().equals(MixtureConfig.AUTO)) {
      DenseMatrix affinity = Affinity.of(embeddings.means());
      for (List<Integer> near : Families.of(affinity)) {
        near.forEach(i -> family[i] = names.get(near.get(0)));
      }
    }
    config
        .families()
        .lists()
        .forEach((name, members) -> members.forEach(m -> join(name, m, names, family)));
    List<Unit> units = new ArrayList<>();
    List<List<Integer>> places = new ArrayList<>();
    int[] unit = new int[k];
    Arrays.fill(unit, -1);
    for (int i = 0; i < k; i++) {
      if (unit[i] < 0) {
        List<Integer> members = new ArrayList<>();
        for (int j = i; j < k; j++) {
          if (j == i || (family[i] != null && family[i].equals(family[j]))) {
            unit[j] = units.size();
            members.add(j);
          }
        }
        List<DomainEmbedding> domains = members.stream().map(embeddings.domains()::get).toList();
        places.add(members);
        units.add(unit(family[i] == null ? names.get(i) : family[i], domains, tokens));
      }
    }
    return new Units(Collections.unmodifiableList(units), places, unit);
  }

  private static void join(String name, String member, List<String> names, String[] family) {
    int place = names.indexOf(member);
    if (place < 0) {
      throw new InvalidInputException(
          "Cannot mix: mixture.families.%s has domain '%s', and there are %s. Correct the name."
              .formatted(name, member, names));
    }
    if (family[place] != null) {
      throw new InvalidInputException(
          "Cannot mix: domain '%s' is in mixture.families.%s and in mixture.families.%s. Remove it from one."
              .formatted(member, family[place], name));
    }
    family[place] = name;
  }

  /** Returns the unit of domains: one, or those of a family. */
  static Unit unit(String name, List<DomainEmbedding> domains, Map<String, Long> tokens) {
    double[] parts =
        domains.stream().mapToDouble(d -> tokens.getOrDefault(d.domain(), 0L)).toArray();
    double total = Arrays.stream(parts).sum();
    Arrays.setAll(parts, i -> total > 0 ? parts[i] / total : 1.0 / parts.length);
    double[] mean = new double[domains.get(0).mean().length];
    for (int i = 0; i < parts.length; i++) {
      double part = parts[i];
      double[] own = domains.get(i).mean();
      Arrays.setAll(mean, j -> mean[j] + part * own[j]);
    }
    return new Unit(name, domains, parts, domains.size() == 1 ? domains.get(0).mean() : mean);
  }

  List<double[]> means() {
    return all.stream().map(Unit::mean).toList();
  }

  List<String> names() {
    return all.stream().map(Unit::name).toList();
  }

  /** Returns what each domain has of its unit's weight: by tokens, or by scores of its own. */
  double[] shares(MixtureConfig config) {
    double[] shares = new double[unit.length];
    for (int u = 0; u < all.size(); u++) {
      double[] own = shares(all.get(u), config);
      for (int i = 0; i < own.length; i++) {
        shares[members.get(u).get(i)] = own[i];
      }
    }
    return shares;
  }

  /** Returns what each domain has of a unit's weight. */
  static double[] shares(Unit unit, MixtureConfig config) {
    return config.withinFamilies() == WithinFamilies.TOKENS ? unit.parts() : scored(unit, config);
  }

  private static double[] scored(Unit family, MixtureConfig config) {
    if (!family.isFamily()) {
      return family.parts();
    }
    DenseMatrix affinity =
        Affinity.of(family.domains().stream().map(DomainEmbedding::mean).toList());
    LeverageScores scores = LeverageScores.of(affinity, config.lambda(affinity));
    return Weights.of(config.entering(scores), config).values();
  }
}
