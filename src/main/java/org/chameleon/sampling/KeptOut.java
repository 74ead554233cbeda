package org.chameleon.sampling;

import java.io.Serializable;

/**
 * Documents that no window may hold a token of: none starts in them, nor runs on into them; it runs
 * on behind them. They count as documents of their domain all the same.
 */
@FunctionalInterface
public interface KeptOut extends Serializable {
  /** Keeps none out. */
  KeptOut NONE = (domain, ordinal) -> false;

  /**
   * Returns whether a document is kept out; asked on executors and on the driver.
   *
   * @param ordinal its number among the documents of its domain
   */
  boolean contains(String domain, long ordinal);
}
