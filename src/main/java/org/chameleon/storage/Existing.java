package org.chameleon.storage;

/** What to do with an output that exists. */
public enum Existing {
  /** It is an error. */
  REFUSE,
  /** Keep what still holds. */
  RESUME,
  /** Delete it and start over. */
  OVERWRITE
}
