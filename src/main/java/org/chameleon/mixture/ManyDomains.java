package org.chameleon.mixture;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.EmbeddingParts;

/**
 * The mixture of so many domains that nothing is made of their pairs: scores by matrices of
 * coordinates, which are summed where the embeddings are, part by part. The driver has a few
 * numbers of each domain.
 *
 * <p>Intervals are those of {@link OwnVariance}.
 */
final class ManyDomains {
  /** Domains above which there is no affinity of pairs. */
  static final int MOST_PAIRED = 1000;

  /** Domains above which neighbours are not looked for: each pair costs d operations. */
  static final int MOST_SEARCHED = 20_000;

  private static final int ROWS = 256;

  private final EmbeddingParts parts;
  private final Map<String, Long> tokens;
  private final MixtureConfig config;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Long> samples = new TreeMap<>();
  private Neighbours neighbours;

  private ManyDomains(EmbeddingParts parts, Map<String, Long> tokens, MixtureConfig config) {
    this.parts = parts;
    this.tokens = tokens;
    this.config = config;
  }

  /**
   * What was found.
   *
   * @param solved the weights
   * @param noise of the units, as far as it is known
   * @param neighbours of the domains; null where there are too many
   */
  record Found(Solved solved, SamplingNoise noise, Neighbours neighbours) {
    Found with(Neighbours those) {
      return new Found(solved, noise, those);
    }
  }

  /** Names and numbers of samples of some domains. */
  record Listed(List<String> names, List<Long> samples) implements Serializable {}

  /** Units of a part: their noise, and the sum of their embeddings. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  private record Seen(List<String> names, double[] noise, double[] sum) implements Serializable {}

  /**
   * Scores of a part's units.
   *
   * @param raw by the affinity as it is
   * @param corrected by the affinity without noise; null where no noise is known
   * @param moved by unit, member and group: the corrected score without the group
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  private record Scored(double[] raw, double[] corrected, double[][][] moved)
      implements Serializable {}

  static Found of(EmbeddingParts parts, Map<String, Long> tokens, MixtureConfig config) {
    return new ManyDomains(parts, tokens, config).found();
  }

  private Found found() {
    list();
    // Domains are compared, not families of them.
    neighbours = names.size() > MOST_SEARCHED ? null : Neighbours.of(parts, names);
    UnitParts units = UnitParts.of(parts, tokens, families(), names);
    int width = parts.width();
    List<Seen> seen = units.each(part -> seen(part, width));
    List<String> unitNames = seen.stream().flatMap(part -> part.names().stream()).toList();
    double[] noise = seen.stream().flatMapToDouble(part -> Arrays.stream(part.noise())).toArray();
    int k = unitNames.size();
    double[] centroid = centroid(seen, k, width);
    double[] gramian = units.sum(part -> gramian(part, centroid));
    double trace = trace(gramian, width);
    double lambda = config.lambda(trace, k);
    DualSystem plain = DualSystem.of(gramian, width, lambda * k);
    NoisySystem noisy = noisy(units, centroid, noise, trace, k);
    List<Scored> scored = units.each(part -> scored(part, centroid, plain, noisy));
    return inOrder(unitNames, k - units.families().size(), noise, scored)
        .solved(
            new Listed(names, List.copyOf(samples.values())), units, config, trace, lambda, noisy)
        .with(neighbours);
  }

  /** Puts units into the order of their names: where there are no families, that of the domains. */
  private ScoredUnits inOrder(
      List<String> unitNames, int alone, double[] noise, List<Scored> scored) {
    int k = unitNames.size();
    int[] order =
        IntStream.range(0, k)
            .boxed()
            .sorted(Comparator.comparing(unitNames::get))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] raw = flat(scored.stream().map(Scored::raw).toList());
    boolean noisy = scored.get(0).corrected() != null;
    double[] corrected = noisy ? flat(scored.stream().map(Scored::corrected).toList()) : raw;
    List<double[][]> moved = scored.stream().flatMap(part -> Arrays.stream(part.moved())).toList();
    int[] familyAt = new int[k - alone];
    for (int i = 0; i < k; i++) {
      if (order[i] >= alone) {
        familyAt[order[i] - alone] = i;
      }
    }
    return new ScoredUnits(
        familyAt,
        Arrays.stream(order).mapToObj(unitNames::get).toList(),
        Arrays.stream(order).mapToDouble(i -> noise[i]).toArray(),
        Arrays.stream(order).mapToDouble(i -> raw[i]).toArray(),
        Arrays.stream(order).mapToDouble(i -> corrected[i]).toArray(),
        noisy ? Arrays.stream(order).mapToObj(moved::get).toList() : List.of());
  }

  private void list() {
    for (Listed part : parts.each(ManyDomains::listed)) {
      for (int i = 0; i < part.names().size(); i++) {
        samples.put(part.names().get(i), part.samples().get(i));
      }
    }
    names.addAll(samples.keySet());
  }

  static Listed listed(Iterator<DomainEmbedding> part) {
    List<String> names = new ArrayList<>();
    List<Long> samples = new ArrayList<>();
    part.forEachRemaining(
        domain -> {
          names.add(domain.domain());
          samples.add(domain.samples());
        });
    return new Listed(names, samples);
  }

  private Map<String, List<String>> families() {
    Map<String, List<String>> families = new TreeMap<>(config.families().lists());
    if (config.families().word().equals(MixtureConfig.AUTO)) {
      if (neighbours == null) {
        throw new InvalidInputException(
            "Cannot mix: mixture.families = auto compares every domain with every other, and there are %,d of at most %,d. Name the families, or set mixture.families = none."
                .formatted(names.size(), MOST_SEARCHED));
      }
      for (List<Integer> near : neighbours.families()) {
        families.put(names.get(near.get(0)), near.stream().map(names::get).toList());
      }
    }
    return families;
  }

  private static Seen seen(Iterator<Units.Unit> units, int width) {
    List<String> names = new ArrayList<>();
    List<Double> noise = new ArrayList<>();
    double[] sum = new double[width];
    units.forEachRemaining(
        unit -> {
          names.add(unit.name());
          noise.add(SamplingNoise.noise(unit));
          double[] mean = unit.mean();
          Arrays.setAll(sum, j -> sum[j] + mean[j]);
        });
    return new Seen(names, noise.stream().mapToDouble(Double::doubleValue).toArray(), sum);
  }

  private static double[] centroid(List<Seen> seen, int k, int width) {
    double[] centroid = new double[width];
    for (Seen part : seen) {
      Arrays.setAll(centroid, j -> centroid[j] + part.sum()[j] / k);
    }
    return centroid;
  }

  private static double trace(double[] gramian, int width) {
    double trace = 0;
    for (int i = 0; i < width; i++) {
      trace += gramian[i + i * width];
    }
    return trace;
  }

  private static double[] gramian(Iterator<Units.Unit> units, double[] centroid) {
    int width = centroid.length;
    double[] gramian = new double[width * width];
    while (units.hasNext()) {
      centred(next(units), centroid).addOuterProducts(gramian);
    }
    return gramian;
  }

  private static List<Units.Unit> next(Iterator<Units.Unit> units) {
    List<Units.Unit> next = new ArrayList<>();
    while (units.hasNext() && next.size() < ROWS) {
      next.add(units.next());
    }
    return next;
  }

  private static DualSystem.Block centred(List<Units.Unit> units, double[] centroid) {
    int width = centroid.length;
    double[] rows = new double[units.size() * width];
    for (int i = 0; i < units.size(); i++) {
      double[] mean = units.get(i).mean();
      for (int j = 0; j < width; j++) {
        rows[i * width + j] = mean[j] - centroid[j];
      }
    }
    return new DualSystem.Block(width, units.size(), rows);
  }

  /** Returns null where no noise is known. */
  private NoisySystem noisy(
      UnitParts units, double[] centroid, double[] noise, double trace, int k) {
    double sum = Arrays.stream(noise).filter(v -> !Double.isNaN(v)).sum();
    if (sum == 0) {
      return null;
    }
    int width = centroid.length;
    double lambda = config.lambda(trace - sum * (1 - 1.0 / k), k);
    double ridge = lambda * k;
    double[] normal = units.sum(part -> normal(part, centroid, ridge));
    return new NoisySystem(normal, width, sum, k, lambda);
  }

  private static double[] normal(Iterator<Units.Unit> units, double[] centroid, double ridge) {
    int width = centroid.length;
    int size = width + 2;
    double[] normal = new double[size * size];
    while (units.hasNext()) {
      List<Units.Unit> some = next(units);
      double[] centred = centred(some, centroid).values();
      double[] rows = new double[some.size() * size];
      for (int i = 0; i < some.size(); i++) {
        double noise = SamplingNoise.noise(some.get(i));
        double factor = 1 / Math.sqrt(NoisySystem.rest(noise, ridge));
        NoisySystem.row(centred, i * width, width, noise, factor, rows, i * size);
      }
      new DualSystem.Block(size, some.size(), rows).addOuterProducts(normal);
    }
    return normal;
  }

  private static Scored scored(
      Iterator<Units.Unit> units, double[] centroid, DualSystem plain, NoisySystem noisy) {
    List<double[]> raw = new ArrayList<>();
    List<double[]> corrected = new ArrayList<>();
    List<double[][]> moved = new ArrayList<>();
    while (units.hasNext()) {
      List<Units.Unit> some = next(units);
      DualSystem.Block centred = centred(some, centroid);
      raw.add(plain.scores(centred));
      if (noisy != null) {
        double[] noise = some.stream().mapToDouble(SamplingNoise::noise).toArray();
        List<NoisySystem.Own> own = noisy.own(centred, noise);
        corrected.add(own.stream().mapToDouble(NoisySystem.Own::score).toArray());
        for (int i = 0; i < own.size(); i++) {
          moved.add(moved(some.get(i), own.get(i), noisy));
        }
      }
    }
    return new Scored(
        flat(raw), noisy == null ? null : flat(corrected), moved.toArray(double[][][]::new));
  }

  /** Returns the score without each group of each member's windows. */
  private static double[][] moved(Units.Unit unit, NoisySystem.Own own, NoisySystem noisy) {
    double[][] moved = new double[unit.domains().size()][];
    for (int member = 0; member < moved.length; member++) {
      DomainEmbedding domain = unit.domains().get(member);
      double part = unit.parts()[member];
      int groups = domain.groups().size();
      if (groups < 2) {
        moved[member] = new double[0];
        continue;
      }
      double[][] deltas = SamplingNoise.deltas(domain);
      int width = deltas[0].length;
      double[] rows = new double[groups * width];
      for (int g = 0; g < groups; g++) {
        for (int j = 0; j < width; j++) {
          deltas[g][j] *= part;
          rows[g * width + j] = deltas[g][j];
        }
      }
      double[] quadratics = noisy.quadratics(new DualSystem.Block(width, groups, rows));
      double more = part * part * SamplingNoise.noise(domain) / (groups - 1);
      moved[member] = new double[groups];
      for (int g = 0; g < groups; g++) {
        moved[member][g] = own.moved(deltas[g], quadratics[g], more);
      }
    }
    return moved;
  }

  private static double[] flat(List<double[]> arrays) {
    return arrays.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
