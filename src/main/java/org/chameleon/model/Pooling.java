package org.chameleon.model;

import java.util.Locale;

/** How the hidden states of a window become one embedding. */
public enum Pooling {
  /** The mean over all of its tokens, special ones included. */
  MEAN(0),
  /** The state of its last token. */
  LAST_TOKEN(1),
  /** The state of its first token. */
  CLS(2);

  private final int number;

  Pooling(int number) {
    this.number = number;
  }

  /** Returns the number by which programs know it. */
  public int number() {
    return number;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
