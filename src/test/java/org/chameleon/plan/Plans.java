package org.chameleon.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.mixture.Mixture;
import org.chameleon.sampling.DomainSize;

/** Mixtures and sizes of domains {@code d0, d1, …} to plan from. */
public final class Plans {
  static final PriorConfig NO_PRIOR = new PriorConfig(Optional.empty(), .5, 1, Map.of());

  private Plans() {}

  /** Returns a mixture of these weights, without warnings. */
  public static Mixture mixture(double... weights) {
    List<Mixture.Domain> domains = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      domains.add(
          new Mixture.Domain(
              "d" + i, weights[i], 0, 0, 1, 0, null, 0.0, 1.0, 0, null, 1, null, null, null));
    }
    return mixture(domains);
  }

  /** Returns a mixture of these domains, without warnings. */
  public static Mixture mixture(List<Mixture.Domain> domains) {
    return new Mixture(
        1,
        "pretrain",
        1,
        "relative",
        5,
        "relative",
        null,
        null,
        false,
        1,
        5,
        true,
        domains,
        new double[0][],
        1,
        1,
        null,
        null,
        null,
        List.of());
  }

  /** Returns the size of a domain in one Parquet file, all of whose documents were read. */
  public static DomainSize size(String name, long rows, long tokens) {
    String path = "file:/corpus/" + name + ".parquet";
    return size(name, rows, tokens, List.of(new DomainFiles.Source(path, 1, rows, false)));
  }

  /** Returns the size of a domain in these files, all of whose documents were read. */
  public static DomainSize size(
      String name, long rows, long tokens, List<DomainFiles.Source> sources) {
    return new DomainSize(name, sources.size(), rows, 1, rows, 0, 0, tokens, 0, null, sources);
  }

  /** Returns the size of a domain without files, half of whose documents were read. */
  public static DomainSize estimated(String name, long rows, long tokens, double standardError) {
    return new DomainSize(name, 0, rows, 1, rows / 2, 0, 0, tokens, standardError, null, List.of());
  }

  static DomainLimits limits(
      Optional<Double> maxEpochs, Optional<Double> floor, Optional<Double> ceiling) {
    return new DomainLimits(maxEpochs, floor, ceiling, Optional.empty(), Optional.empty());
  }

  /** Returns a plan's configuration with four epochs at most, and sequences of eight tokens. */
  public static PlanConfig config(
      Long tokens, List<ExportTarget> exports, Map<String, String> paths) {
    return new PlanConfig(
        MixtureOrigin.COMPUTED,
        Optional.ofNullable(tokens),
        8,
        4,
        0,
        1,
        Map.of(),
        TokenOrigin.ESTIMATE,
        Optional.empty(),
        NO_PRIOR,
        exports,
        paths);
  }
}
