package org.chameleon.materialize;

import java.io.Serializable;

/**
 * What is written, and how.
 *
 * @param seed decides which documents a fractional pass takes, and their order
 * @param format of the shards
 * @param shardBytes size of a shard, about
 * @param domainColumn name of the column with the domain
 * @param contentColumn name of the column with the text or the token ids
 */
public record ShardSettings(
    long seed, ShardFormat format, long shardBytes, String domainColumn, String contentColumn)
    implements Serializable {

  /** The column with the path of a document's file in the corpus. */
  static final String FILE = "source_file";

  /** The column with a document's row in that file. */
  static final String ROW = "source_row";
}
