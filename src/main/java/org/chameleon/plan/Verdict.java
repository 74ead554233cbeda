package org.chameleon.plan;

import java.util.Locale;

/** What trained models say of one mixture against another. */
public enum Verdict {
  /** All that is asked of evidence speaks for it. */
  BETTER,
  /** Neither the one nor the other. */
  NOT_SHOWN,
  /** The evidence speaks against it. */
  WORSE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
