package org.chameleon.mixture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.EmbeddingParts;

/**
 * The share of training tokens that each domain should get, and all that it was computed from: the
 * content of {@code mixture.json}.
 *
 * @param schemaVersion version of this layout
 * @param objective what the weights are for
 * @param lambda λ as configured
 * @param lambdaMode whether it is relative
 * @param temperature T as configured, or the paper's
 * @param temperatureMode whether it is relative
 * @param maxRatio largest ratio of weights as configured, null if none
 * @param scoreFloor least score that was inverted, as a part of the median; null if none
 * @param debias whether the weights are without the bias of few windows
 * @param effectiveLambda λ as used
 * @param effectiveTemperature T as used
 * @param normalizeScores whether scores were divided by their sum
 * @param domains ordered by name
 * @param affinity K, {@code (k, k)} in the order of the domains, families or not; null where they
 *     are many
 * @param effectiveDimension sum of the raw scores
 * @param meanSquaredDistance of what is scored, domains or families, from the centroid of all:
 *     trace(K)/k
 * @param rankSwaps chance that two domains have the other order than their weights, given the
 *     windows that were drawn, {@code (k, k)} in the order of the domains; null where not known
 * @param widest the widest interval and what would halve it; null where none is known
 * @param sensitivity what other settings would give; null where they are not tried
 * @param warnings what the reader should know
 */
@SuppressWarnings("ArrayRecordComponent") // an artifact, compared as JSON
public record Mixture(
    int schemaVersion,
    String objective,
    double lambda,
    String lambdaMode,
    double temperature,
    String temperatureMode,
    Double maxRatio,
    Double scoreFloor,
    boolean debias,
    double effectiveLambda,
    double effectiveTemperature,
    boolean normalizeScores,
    List<Domain> domains,
    double[][] affinity,
    double effectiveDimension,
    double meanSquaredDistance,
    Double[][] rankSwaps,
    Widest widest,
    Sensitivity sensitivity,
    List<Warning> warnings) {

  /** The version of the layout that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /**
   * One domain of a mixture.
   *
   * @param name the domain
   * @param weight its share of training tokens, in (0, 1]
   * @param score its leverage score, or its family's, as it entered the softmax
   * @param rawScore its leverage score before normalisation
   * @param samples distinct sample embeddings in its mean
   * @param uniform its share if all were equal
   * @param proportional its share of the corpus's tokens, null where sizes are not known
   * @param weightLow lower end of the 95 % interval of the weight that infinitely many windows
   *     would give; null where there are too few to tell
   * @param weightHigh upper end
   * @param weightDebiased the weight without the bias that the noise of few windows gives it
   * @param family name of its family, null if it is in none
   * @param familyShare its part of the family's weight; 1 if it is in none
   * @param reused its proportion among the domains that keep theirs, null if it does not
   * @param exactWeight the weight that it has where no proportions are kept; null if none are
   * @param neighbours its nearest domains, the nearest first, where there is no affinity of pairs
   *     and they were looked for; else null
   */
  public record Domain(
      String name,
      double weight,
      double score,
      double rawScore,
      long samples,
      double uniform,
      Double proportional,
      Double weightLow,
      Double weightHigh,
      double weightDebiased,
      String family,
      double familyShare,
      Double reused,
      Double exactWeight,
      List<Neighbour> neighbours) {}

  /**
   * A domain that is near to another.
   *
   * @param domain its name
   * @param squaredDistance of their embeddings
   */
  public record Neighbour(String domain, double squaredDistance) {}

  /**
   * The widest interval of all.
   *
   * @param domain whose it is
   * @param width of it
   * @param moreWindows windows more of every domain that would halve it
   */
  public record Widest(String domain, double width, long moreWindows) {}

  /** Copies the lists. */
  public Mixture {
    domains = List.copyOf(domains);
    warnings = List.copyOf(warnings);
  }

  /**
   * Computes a mixture.
   *
   * @param embeddings the domains
   * @param tokens available tokens of each domain; empty where sizes are not known
   * @throws InvalidInputException if sizes are given for other domains than the embeddings
   */
  public static Mixture of(
      DomainEmbeddings embeddings, Map<String, Long> tokens, MixtureConfig config) {
    return of(embeddings, tokens, config, List.of());
  }

  /**
   * Computes a mixture.
   *
   * @param embeddings the domains
   * @param tokens available tokens of each domain; empty where sizes are not known
   * @param alternatives whose weights are compared
   * @throws InvalidInputException if sizes or other embeddings are given for other domains
   */
  public static Mixture of(
      DomainEmbeddings embeddings,
      Map<String, Long> tokens,
      MixtureConfig config,
      List<Alternative> alternatives) {
    requireSame(embeddings.names(), tokens);
    Units units = Units.of(embeddings, tokens, config);
    SamplingNoise noise = SamplingNoise.of(units.all(), config);
    Solution solution = Solution.of(units, config, noise);
    Solved solved = solution.solved(embeddings);
    Intervals intervals = new Intervals(noise, solved);
    Double[][] swaps = intervals.swaps();
    return MixtureAssembly.of(
        solved,
        config,
        MixtureAssembly.domains(solved, tokens, config, intervals, null),
        Affinity.rows(Affinity.of(embeddings.means())),
        swaps,
        Sensitivity.of(embeddings, tokens, config, solution, alternatives, swaps).orElse(null),
        new Warnings(solved, config).all(noise, intervals, new PairedNearness(solution, config)));
  }

  /** Returns whether domains are so many that no matrix is made of their pairs. */
  public static boolean areMany(long domains) {
    return domains > ManyDomains.MOST_PAIRED;
  }

  /**
   * Computes the mixture of many domains: without an affinity of pairs, chances of swaps and other
   * settings, but with the nearest neighbours of each domain.
   *
   * @param embeddings the domains
   * @param tokens available tokens of each domain; empty where sizes are not known
   * @throws InvalidInputException if sizes are given for other domains than the embeddings
   */
  public static Mixture ofMany(
      EmbeddingParts embeddings, Map<String, Long> tokens, MixtureConfig config) {
    ManyDomains.Found found = ManyDomains.of(embeddings, tokens, config);
    Solved solved = found.solved();
    requireSame(solved.names(), tokens);
    Intervals intervals = new Intervals(found.noise(), solved);
    boolean alone = solved.units().size() == solved.names().size();
    return MixtureAssembly.of(
        solved,
        config,
        MixtureAssembly.domains(solved, tokens, config, intervals, found.neighbours()),
        null,
        null,
        null,
        new Warnings(solved, config)
            .all(found.noise(), intervals, alone ? found.neighbours() : null));
  }

  /**
   * Returns this mixture with a warning where an absolute λ or T of its configuration is not what
   * it was in the paper. No weight changes.
   *
   * @param proxy shape of the model that the embeddings are of, if it is known
   * @param config that it was computed with
   */
  public Mixture withScaleWarnings(Optional<ProxyShape> proxy, MixtureConfig config) {
    return with(ScaleWarnings.of(this, proxy, config));
  }

  /**
   * Returns this mixture with a warning where domains have fewer samples than were asked for. No
   * weight changes.
   */
  public Mixture withSampleWarnings(int asked) {
    return with(Warnings.fewerSamples(domains, asked));
  }

  private Mixture with(List<Warning> more) {
    List<Warning> all = new ArrayList<>(warnings);
    all.addAll(more);
    return new Mixture(
        schemaVersion,
        objective,
        lambda,
        lambdaMode,
        temperature,
        temperatureMode,
        maxRatio,
        scoreFloor,
        debias,
        effectiveLambda,
        effectiveTemperature,
        normalizeScores,
        domains,
        affinity,
        effectiveDimension,
        meanSquaredDistance,
        rankSwaps,
        widest,
        sensitivity,
        all);
  }

  /**
   * Returns the weights that this mixture's scores give under other settings, by domain; with its
   * own, its own. T is as configured for its own objective, and the paper's for the other, for
   * which a configured one was not meant.
   *
   * @param other objective of the weights
   * @param largest ratio of weights, none where empty
   */
  public SortedMap<String, Double> weights(Objective other, Optional<Double> largest) {
    Optional<Double> own =
        other.toString().equals(objective) ? Optional.of(temperature) : Optional.empty();
    MixtureConfig config =
        new MixtureConfig(
            other,
            lambda,
            scale(lambdaMode),
            own,
            scale(temperatureMode),
            normalizeScores,
            largest,
            Optional.ofNullable(scoreFloor),
            WordOrLists.of(MixtureConfig.NONE),
            WithinFamilies.TOKENS,
            debias,
            reused(),
            List.of());
    Map<String, Integer> units = new HashMap<>();
    domains.forEach(domain -> units.putIfAbsent(unit(domain), units.size()));
    double[] scores = new double[units.size()];
    domains.forEach(domain -> scores[units.get(unit(domain))] = domain.score());
    Weights exact = Weights.of(scores, config);
    double[] values =
        config.reuse().isEmpty()
            ? exact.values()
            : exact.with(Reuse.of(domains.stream().map(Domain::name).toList(), config)).values();
    SortedMap<String, Double> weights = new TreeMap<>();
    for (Domain domain : domains) {
      weights.put(domain.name(), domain.familyShare() * values[units.get(unit(domain))]);
    }
    return weights;
  }

  private Map<String, Double> reused() {
    Map<String, Double> reused = new TreeMap<>();
    domains.stream()
        .filter(domain -> domain.reused() != null)
        .forEach(domain -> reused.put(domain.name(), domain.reused()));
    return reused;
  }

  /** A family may have the name of a domain that is not in it. */
  private static String unit(Domain domain) {
    return domain.family() == null ? "domain " + domain.name() : "family " + domain.family();
  }

  private static Scale scale(String name) {
    return Scale.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Returns what the weights are for. */
  public Objective purpose() {
    return Objective.valueOf(objective.toUpperCase(Locale.ROOT));
  }

  private static void requireSame(List<String> names, Map<String, Long> tokens) {
    if (!tokens.isEmpty() && !tokens.keySet().equals(new TreeSet<>(names))) {
      throw new InvalidInputException(
          "Cannot mix: the embeddings are of domains %s, the corpus has %s."
              .formatted(names, tokens.keySet()));
    }
  }

  /**
   * Returns the places of the domains to show where there is room for so many: all in their order,
   * or those with the largest weights, the largest first.
   */
  public List<Integer> shown(int most) {
    List<Integer> places = IntStream.range(0, domains.size()).boxed().toList();
    return domains.size() <= most
        ? places
        : places.stream()
            .sorted(Comparator.comparingDouble(i -> -domains.get(i).weight()))
            .limit(most)
            .toList();
  }

  /** Returns the largest weight over the smallest. */
  public double ratio() {
    double largest = domains.stream().mapToDouble(Domain::weight).max().orElseThrow();
    return largest / domains.stream().mapToDouble(Domain::weight).min().orElseThrow();
  }
}
