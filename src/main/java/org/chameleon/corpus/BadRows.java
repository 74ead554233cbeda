package org.chameleon.corpus;

import java.util.Locale;

/** What happens to a row whose text is null, empty or not UTF-8. */
public enum BadRows {
  /** The run stops and names the file and the row. */
  FAIL,
  /** The row counts as a row, and is never part of a window. */
  SKIP;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
