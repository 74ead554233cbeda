package org.chameleon.materialize;

import java.util.Locale;

/** How a mixed corpus is written. */
public enum ShardFormat {
  /** Parquet, zstd. */
  PARQUET,
  /** JSON lines. */
  JSONL;

  /** Returns the ending of a shard's name. */
  String ending() {
    return "." + this;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
