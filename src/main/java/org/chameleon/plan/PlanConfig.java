package org.chameleon.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.config.Range;

/**
 * How weights become tokens and files for trainers.
 *
 * @param from which mixture is planned
 * @param tokens training budget; unset: as many tokens as the corpus has
 * @param sequenceLength tokens of a training sequence
 * @param maxEpochs most passes over any domain
 * @param floor least share of the training tokens of any domain
 * @param ceiling most share of the training tokens of any domain
 * @param domains limits and sizes of single domains, by name
 * @param count where the numbers of tokens come from
 * @param tokenizer {@code tokenizer.json}, or a directory with it, of the model to be trained;
 *     unset: the proxy's
 * @param prior what the computed mixture is drawn towards
 * @param exports trainers to write mixture files for
 * @param paths by trainer, where it keeps its own copy of a domain, with {@code {domain}} for the
 *     name
 */
public record PlanConfig(
    MixtureOrigin from,
    @Range(min = 1) Optional<Long> tokens,
    @Range(min = 1, max = 100_000_000) int sequenceLength,
    @Range(min = 0, aboveMin = true) double maxEpochs,
    @Range(min = 0, max = 1) double floor,
    @Range(min = 0, max = 1) double ceiling,
    Map<String, DomainLimits> domains,
    TokenOrigin count,
    Optional<String> tokenizer,
    PriorConfig prior,
    List<ExportTarget> exports,
    Map<String, String> paths) {

  /** Refuses paths that name no trainer or no domain. */
  public PlanConfig {
    domains = Map.copyOf(domains);
    exports = List.copyOf(exports);
    paths = Map.copyOf(paths);
    for (Map.Entry<String, String> path : paths.entrySet()) {
      if (Arrays.stream(ExportTarget.values()).noneMatch(t -> t.toString().equals(path.getKey()))) {
        throw new IllegalArgumentException(
            "paths has no trainer '%s'; known: %s"
                .formatted(path.getKey(), Arrays.toString(ExportTarget.values())));
      }
      if (!path.getValue().contains("{domain}")) {
        throw new IllegalArgumentException(
            "paths.%s must contain {domain}, is '%s'".formatted(path.getKey(), path.getValue()));
      }
    }
  }

  /** Returns whether the corpus must be read for the numbers of tokens. */
  public boolean countsTokens() {
    return count == TokenOrigin.EXACT || (count == TokenOrigin.ESTIMATE && tokenizer.isPresent());
  }

  /** Returns what decides the shares of a mixture that is planned, but for its weights. */
  public List<Object> limits() {
    return List.of(tokens, maxEpochs, floor, ceiling, domains, count, tokenizer, prior);
  }

  /** Returns the most passes over a domain. */
  public double maxEpochs(String domain) {
    return limits(domain).maxEpochs().orElse(maxEpochs);
  }

  /** Returns the least share of a domain. */
  double floor(String domain) {
    return limits(domain).floor().orElse(floor);
  }

  /** Returns the most share of a domain. */
  public double ceiling(String domain) {
    return limits(domain).ceiling().orElse(ceiling);
  }

  /** Returns what is said of a single domain. */
  DomainLimits limits(String domain) {
    return domains.getOrDefault(domain, DomainLimits.NONE);
  }

  /** Returns where a trainer keeps its own copy of a domain, if it does. */
  public Optional<String> template(ExportTarget target) {
    return Optional.ofNullable(paths.get(target.toString()));
  }
}
