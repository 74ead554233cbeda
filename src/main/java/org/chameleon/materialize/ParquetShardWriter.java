package org.chameleon.materialize;

import java.io.IOException;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.HashedFile;
import org.chameleon.storage.RowWriter;

/** A shard in Parquet. */
final class ParquetShardWriter implements ShardWriter {
  /** Row groups small enough for several writers in a small heap, and for readers of whole ones. */
  private static final RowWriter.Settings SETTINGS =
      new RowWriter.Settings(CompressionCodecName.ZSTD, 32L << 20);

  private final RowWriter writer;

  ParquetShardWriter(HashedFile file, ShardSettings settings, boolean ids) throws IOException {
    this.writer = RowWriter.open(file, schema(settings, ids), SETTINGS);
  }

  private static StructType schema(ShardSettings settings, boolean ids) {
    return new StructType()
        .add(settings.domainColumn(), DataTypes.StringType, false)
        .add(settings.contentColumn(), MixedRow.contentType(ids), false)
        .add(ShardSettings.FILE, DataTypes.StringType, false)
        .add(ShardSettings.ROW, DataTypes.LongType, false);
  }

  @Override
  public void write(Row row) throws IOException {
    writer.write(MixedRow.published(row));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  @Override
  public FileRecord record() {
    return writer.record();
  }
}
