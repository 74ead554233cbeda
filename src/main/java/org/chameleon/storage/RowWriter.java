package org.chameleon.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
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
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows of strings, numbers and arrays of numbers as Parquet, none of them null: equal rows,
 * equal bytes, on any machine.
 */
public final class RowWriter implements Closeable {
  private final HashedFile file;
  private final ParquetWriter<Row> writer;
  private long rows;

  private RowWriter(HashedFile file, ParquetWriter<Row> writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * How a file is written.
   *
   * @param codec of its pages
   * @param rowGroupBytes size of a row group in memory, about
   */
  public record Settings(CompressionCodecName codec, long rowGroupBytes) {
    /** Those of Spark. */
    public static final Settings STANDARD =
        new Settings(CompressionCodecName.SNAPPY, ParquetWriter.DEFAULT_BLOCK_SIZE);
  }

  /** Begins a file; it is closed with the writer. */
  public static RowWriter open(HashedFile file, StructType schema, Settings settings)
      throws IOException {
    return new RowWriter(
        file,
        new Builder(new ParquetOutput(file), schema)
            .withCompressionCodec(settings.codec())
            .withRowGroupSize(settings.rowGroupBytes())
            .build());
  }

  /** Writes a row with the columns of the schema. */
  public void write(Row row) throws IOException {
    writer.write(row);
    rows++;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Returns what was written, once it is closed. */
  public FileRecord record() {
    return file.record(rows);
  }

  private static MessageType message(StructType schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField field : schema.fields()) {
      message.addField(type(field));
    }
    return message.named("rows");
  }

  private static Type type(StructField field) {
    if (field.dataType() instanceof ArrayType array) {
      return Types.requiredList()
          .requiredElement(primitive(array.elementType()))
          .named(field.name());
    }
    if (field.dataType().equals(DataTypes.StringType)) {
      return Types.required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(field.name());
    }
    return Types.required(primitive(field.dataType())).named(field.name());
  }

  private static PrimitiveTypeName primitive(DataType type) {
    return switch (type.typeName()) {
      case "integer" -> PrimitiveTypeName.INT32;
      case "long" -> PrimitiveTypeName.INT64;
      case "float" -> PrimitiveTypeName.FLOAT;
      case "double" -> PrimitiveTypeName.DOUBLE;
      default -> throw new IllegalArgumentException("No table has a column of " + type.sql());
    };
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final StructType schema;

    Builder(OutputFile file, StructType schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 3.5's Parquet has no other; Spark 4's deprecates it
    protected WriteSupport<Row> getWriteSupport(Configuration hadoop) {
      return new Rows(schema);
    }
  }

  /** Hands the values of rows to Parquet. */
  private static final class Rows extends WriteSupport<Row> {
    private final StructType schema;
    private RecordConsumer out;

    Rows(StructType schema) {
      this.schema = schema;
    }

    @Override
    @SuppressWarnings("deprecation") // as above
    public WriteContext init(Configuration hadoop) {
      return new WriteContext(message(schema), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(Row row) {
      out.startMessage();
      for (int i = 0; i < schema.size(); i++) {
        Object value = row.get(i);
        if (value == null) {
          throw new IllegalArgumentException(schema.fieldNames()[i] + " of a row is null");
        }
        boolean array = schema.fields()[i].dataType() instanceof ArrayType;
        List<?> elements = array ? elements(row, i) : List.of();
        out.startField(schema.fieldNames()[i], i);
        if (array) {
          list(elements);
        } else {
          value(value);
        }
        out.endField(schema.fieldNames()[i], i);
      }
      out.endMessage();
    }

    /** Rows of Spark hold sequences, those made here arrays. */
    private static List<?> elements(Row row, int index) {
      Object value = row.get(index);
      return value instanceof double[] array
          ? Arrays.stream(array).boxed().toList()
          : row.getList(index);
    }

    private void list(List<?> elements) {
      out.startGroup();
      if (!elements.isEmpty()) {
        out.startField("list", 0);
        for (Object element : elements) {
          out.startGroup();
          out.startField("element", 0);
          value(element);
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
    }

    private void value(Object value) {
      if (value instanceof Integer number) {
        out.addInteger(number);
      } else if (value instanceof Long number) {
        out.addLong(number);
      } else if (value instanceof Float number) {
        out.addFloat(number);
      } else if (value instanceof Double number) {
        out.addDouble(number);
      } else {
        out.addBinary(Binary.fromString((String) value));
      }
    }
  }
}
