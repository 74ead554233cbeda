package org.chameleon.plan;

import java.util.Locale;

/** Where the number of a domain's tokens comes from. */
public enum TokenOrigin {
  /** From the documents that were drawn: rows times their mean, with a standard error. */
  ESTIMATE,
  /** Every document was tokenized. */
  EXACT,
  /** From the configuration. */
  GIVEN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
