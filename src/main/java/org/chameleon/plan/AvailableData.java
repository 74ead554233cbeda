package org.chameleon.plan;

import java.util.List;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.sampling.DomainSize;

/**
 * What a domain has to train on, as far as it is known: its size as found, or as given instead.
 *
 * @param tokens its tokens, null where not known
 * @param tokensStandardError standard error of {@code tokens}, 0 where they are counted or given
 * @param origin where {@code tokens} comes from, null where not known
 * @param rows its documents, null where not known
 * @param sources its files
 */
record AvailableData(
    Long tokens,
    double tokensStandardError,
    TokenOrigin origin,
    Long rows,
    List<DomainFiles.Source> sources) {

  /** What is known of a domain of which nothing is said. */
  static final AvailableData UNKNOWN = new AvailableData(null, 0, null, null, List.of());

  /** Copies the list. */
  AvailableData {
    sources = List.copyOf(sources);
  }

  /** Returns what was found: exact if every document was read, however alike they are. */
  static AvailableData of(DomainSize found) {
    return new AvailableData(
        found.tokens(),
        found.tokensStandardError(),
        found.wasReadWhole() ? TokenOrigin.EXACT : TokenOrigin.ESTIMATE,
        found.rows(),
        found.sources());
  }

  /** Returns this with what the configuration says instead. */
  AvailableData withGiven(DomainLimits given) {
    Long newRows = given.availableRows().orElse(rows);
    return given
        .availableTokens()
        .map(n -> new AvailableData(n, 0, TokenOrigin.GIVEN, newRows, sources))
        .orElseGet(() -> new AvailableData(tokens, tokensStandardError, origin, newRows, sources));
  }

  /** Returns whether its number of tokens is known. */
  boolean hasTokens() {
    return tokens != null;
  }
}
