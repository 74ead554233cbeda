package org.chameleon.plan;

import java.util.Locale;

/** Which mixture is planned. */
public enum MixtureOrigin {
  /** That of {@code mixture.json}, drawn towards the prior. */
  COMPUTED,
  /** That which an evaluation recommends: its weights were planned before, prior and all. */
  RECOMMENDED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
