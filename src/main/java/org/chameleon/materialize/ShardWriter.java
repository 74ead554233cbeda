package org.chameleon.materialize;

import java.io.IOException;
import org.apache.spark.sql.Row;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.HashedFile;

/** Writes the rows of one shard. */
interface ShardWriter extends AutoCloseable {

  void write(Row row) throws IOException;

  @Override
  void close() throws IOException;

  /** Returns what was written, once it is closed. */
  FileRecord record();

  static ShardWriter open(HashedFile file, ShardSettings settings, boolean ids) throws IOException {
    return settings.format() == ShardFormat.PARQUET
        ? new ParquetShardWriter(file, settings, ids)
        : new JsonLinesShardWriter(file, settings, ids);
  }
}
