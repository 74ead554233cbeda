package org.chameleon.mixture;

import java.util.Locale;

/** Whether a parameter is used as it is, or relative to the data. */
public enum Scale {
  /** As it is: the paper's setting. */
  ABSOLUTE,
  /** λ times trace(K)/k; T for seven domains, scaled to k. */
  RELATIVE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
