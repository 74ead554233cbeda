package org.chameleon.sampling;

import java.io.Serializable;
import java.util.Locale;
import org.chameleon.config.Range;

/**
 * How windows are drawn.
 *
 * @param windowsPerDomain windows of each domain
 * @param windowTokens tokens of a window
 * @param span whether a window may run on into the next documents
 * @param unit what has the same chance to start a window
 * @param allowFewer whether a domain with fewer windows is accepted
 * @param documentsPerWindow documents read for each window wanted; more of them make the draw by
 *     tokens truer where a few documents hold most of a domain
 */
public record SampleConfig(
    @Range(min = 1, max = 100_000_000) int windowsPerDomain,
    @Range(min = 1, max = 1_000_000) int windowTokens,
    Span span,
    Unit unit,
    boolean allowFewer,
    @Range(min = 1, max = 1_000_000) int documentsPerWindow)
    implements Serializable {

  /** Returns how many documents of each domain are drawn at first. */
  public long documents() {
    return (long) windowsPerDomain * documentsPerWindow;
  }

  /** Where a window ends. */
  public enum Span {
    /** After {@code windowTokens}, in a following document of the domain in the file if need be. */
    STREAM,
    /** With its document at the latest. */
    DOCUMENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What has the same chance to start a window. */
  public enum Unit {
    /** Every token, so that long documents are drawn more often. */
    TOKENS,
    /** Every document. */
    DOCUMENTS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
