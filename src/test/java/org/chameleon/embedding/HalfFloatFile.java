package org.chameleon.embedding;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.format.BsonType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet whose embeddings are lists of FLOAT16, a type that the Parquet of Spark 3.5 lacks. */
final class HalfFloatFile {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message m { required binary domain (STRING); required group embedding (LIST) {"
              + " repeated group list { required fixed_len_byte_array(2) element; } } }");

  /** A logical type's field of number 13 or 15, an empty struct, as compact Thrift. */
  private static final byte[] BSON = {(byte) 0xDC, 0, 0};

  private static final byte[] FLOAT16 = {(byte) 0xFC, 0, 0};

  private HalfFloatFile() {}

  /** Writes a file with one row of the domain {@code a}. */
  static void write(Path file, short... halves) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(new Configuration())
            .withType(SCHEMA)
            .build()) {
      Group row = new SimpleGroupFactory(SCHEMA).newGroup().append("domain", "a");
      Group embedding = row.addGroup("embedding");
      for (short half : halves) {
        byte[] bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(half).array();
        embedding.addGroup("list").add("element", Binary.fromConstantByteArray(bytes));
      }
      writer.write(row);
    }
    annotate(file);
  }

  private static void annotate(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    int start = all.length - 8 - buffer.getInt(all.length - 8);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(all, start, all.length - 8 - start));
    List<SchemaElement> schema = metadata.getSchema();
    schema.get(schema.size() - 1).setLogicalType(LogicalType.BSON(new BsonType()));
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(metadata, footer);
    byte[] changed = footer.toByteArray();
    int at = 0;
    while (!Arrays.equals(changed, at, at + 3, BSON, 0, 3)) {
      at++;
    }
    System.arraycopy(FLOAT16, 0, changed, at, 3);
    ByteBuffer result =
        ByteBuffer.allocate(start + changed.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    result
        .put(all, 0, start)
        .put(changed)
        .putInt(changed.length)
        .put("PAR1".getBytes(StandardCharsets.US_ASCII));
    Files.write(file, result.array());
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }
}
