package org.chameleon.materialize;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Row;

/** A shard in Parquet. */
final class ParquetShardWriter implements ShardWriter {
  /** Small enough for several writers in a small heap, and for readers that take groups whole. */
  private static final long ROW_GROUP = 32L << 20;

  private final ParquetWriter<Row> writer;

  ParquetShardWriter(HashedFile file, ShardSettings settings, boolean ids) throws IOException {
    this.writer =
        new Builder(file, new Rows(schema(settings, ids), ids))
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP)
            .build();
  }

  @Override
  public void write(Row row) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static MessageType schema(ShardSettings settings, boolean ids) {
    Type content =
        ids
            ? Types.requiredList()
                .requiredElement(PrimitiveTypeName.INT32)
                .named(settings.contentColumn())
            : string(settings.contentColumn());
    return Types.buildMessage()
        .addFields(
            string(settings.domainColumn()),
            content,
            string(ShardSettings.FILE),
            Types.required(PrimitiveTypeName.INT64).named(ShardSettings.ROW))
        .named("mixed");
  }

  private static Type string(String name) {
    return Types.required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final Rows rows;

    Builder(OutputFile file, Rows rows) {
      super(file);
      this.rows = rows;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 3.5's Parquet has no other; Spark 4's deprecates it
    protected WriteSupport<Row> getWriteSupport(Configuration hadoop) {
      return rows;
    }
  }

  private static final class Rows extends WriteSupport<Row> {
    private final MessageType schema;
    private final boolean ids;
    private RecordConsumer out;

    Rows(MessageType schema, boolean ids) {
      this.schema = schema;
      this.ids = ids;
    }

    @Override
    @SuppressWarnings("deprecation") // as above
    public WriteContext init(Configuration hadoop) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(Row row) {
      out.startMessage();
      field(0, () -> out.addBinary(Binary.fromString(MixedRow.domain(row))));
      if (ids) {
        field(1, () -> list(row));
      } else {
        field(1, () -> out.addBinary(Binary.fromString(MixedRow.text(row))));
      }
      field(2, () -> out.addBinary(Binary.fromString(MixedRow.file(row))));
      field(3, () -> out.addLong(MixedRow.row(row)));
      out.endMessage();
    }

    private void list(Row row) {
      out.startGroup();
      out.startField("list", 0);
      for (int id : MixedRow.ids(row)) {
        out.startGroup();
        out.startField("element", 0);
        out.addInteger(id);
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
      out.endGroup();
    }

    private void field(int index, Runnable value) {
      String name = schema.getFieldName(index);
      out.startField(name, index);
      value.run();
      out.endField(name, index);
    }
  }
}
