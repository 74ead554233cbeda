package org.chameleon.plan;

import java.util.List;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.sampling.DomainStatistics;
import org.chameleon.sampling.DomainTokens;

/**
 * What a plan knows of a domain's size.
 *
 * @param name the domain
 * @param tokens its tokens, null where not known
 * @param tokensStandardError standard error of {@code tokens}, 0 where they are counted or given
 * @param counted where {@code tokens} comes from, null where not known
 * @param rows its documents, null where not known
 * @param sources its files
 */
public record DomainSize(
    String name,
    Long tokens,
    double tokensStandardError,
    TokenCount counted,
    Long rows,
    List<DomainFiles.Source> sources) {

  /** Copies the list. */
  public DomainSize {
    sources = List.copyOf(sources);
  }

  /** Returns the size that the sample tells, in the proxy's tokens. */
  public static DomainSize of(DomainStatistics sampled) {
    double error = sampled.tokensStandardError();
    return new DomainSize(
        sampled.name(), sampled.tokens(), error, by(error), sampled.rows(), sampled.sources());
  }

  /** Returns the size that a count tells. */
  public static DomainSize of(DomainTokens counted) {
    double error = counted.documents() == counted.rows() ? 0 : counted.tokensStandardError();
    TokenCount by = counted.documents() == counted.rows() ? TokenCount.EXACT : TokenCount.ESTIMATE;
    return new DomainSize(
        counted.name(), counted.tokens(), error, by, counted.rows(), counted.sources());
  }

  private static TokenCount by(double standardError) {
    return standardError > 0 ? TokenCount.ESTIMATE : TokenCount.EXACT;
  }

  static DomainSize unknown(String name) {
    return new DomainSize(name, null, 0, null, null, List.of());
  }

  /** Returns this size with what the configuration says instead. */
  DomainSize with(DomainLimits given) {
    Long newRows = given.availableRows().orElse(rows);
    return given
        .availableTokens()
        .map(n -> new DomainSize(name, n, 0, TokenCount.GIVEN, newRows, sources))
        .orElseGet(
            () -> new DomainSize(name, tokens, tokensStandardError, counted, newRows, sources));
  }
}
