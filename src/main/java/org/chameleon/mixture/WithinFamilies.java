package org.chameleon.mixture;

import java.util.Locale;

/** How the weight of a family is shared out among its domains. */
public enum WithinFamilies {
  /** In proportion to their tokens; alike where these are not known. */
  TOKENS,
  /** By leverage scores among themselves. */
  SCORES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
