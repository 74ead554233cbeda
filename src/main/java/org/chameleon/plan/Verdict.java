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

  /** Returns how it continues a sentence, before the name of the other mixture. */
  public String inWords() {
    return switch (this) {
      case BETTER -> "shown to be better than";
      case NOT_SHOWN -> "not shown to be better than";
      case WORSE -> "shown to be worse than";
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
