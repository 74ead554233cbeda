package org.chameleon.sampling;

import java.io.Serializable;

/**
 * Documents that no window may hold a token of: they are neither drawn, nor does a window run on
 * into them; it runs on behind them.
 */
@FunctionalInterface
public interface KeptOut extends Serializable {
  /** Keeps none out. */
  KeptOut NONE = (domain, ordinal) -> false;

  /**
   * Returns whether a document is kept out; asked on executors.
   *
   * @param ordinal its number among the documents of its domain
   */
  boolean contains(String domain, long ordinal);
}
