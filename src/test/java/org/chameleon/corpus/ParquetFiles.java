package org.chameleon.corpus;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of tests, written without Spark. */
final class ParquetFiles {
  static final MessageType TEXT =
      MessageTypeParser.parseMessageType(
          "message m { required binary domain (STRING); optional binary text (STRING); }");

  static final int ROWS_OF_PAGE = 10;

  private static final long BYTES_OF_GROUP = 4000;

  private ParquetFiles() {}

  /** Writes rows {@code text 0, text 1, …} of domains a and b in turn, so many in a row group. */
  static Path text(Path path, int rows, int rowsOfGroup) throws IOException {
    return write(
        path,
        TEXT,
        rowsOfGroup,
        rows,
        (i, row) -> row.append("domain", i % 2 == 0 ? "a" : "b").append("text", "text " + i));
  }

  /** Fills a row. */
  @FunctionalInterface
  interface Filler {
    void fill(int index, Group row);
  }

  /** Writes rows of any schema. */
  static Path write(Path path, MessageType schema, int rowsOfGroup, int rows, Filler filler)
      throws IOException {
    ExampleParquetWriter.Builder to =
        to(path, schema)
            .withRowGroupSize(1L)
            .withMinRowCountForPageSizeCheck(rowsOfGroup)
            .withMaxRowCountForPageSizeCheck(rowsOfGroup);
    write(to, schema, rows, filler);
    return path;
  }

  /** Writes rows of any schema, ten in a page and many pages in a row group. */
  static Path paged(
      Path path,
      MessageType schema,
      WriterVersion version,
      CompressionCodecName codec,
      int rows,
      Filler filler)
      throws IOException {
    ExampleParquetWriter.Builder to =
        to(path, schema)
            .withWriterVersion(version)
            .withCompressionCodec(codec)
            .withRowGroupSize(BYTES_OF_GROUP)
            .withPageRowCountLimit(ROWS_OF_PAGE)
            .withMinRowCountForPageSizeCheck(ROWS_OF_PAGE)
            .withMaxRowCountForPageSizeCheck(ROWS_OF_PAGE);
    write(to, schema, rows, filler);
    return path;
  }

  private static ExampleParquetWriter.Builder to(Path path, MessageType schema) {
    return ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(path.toUri()))
        .withType(schema);
  }

  private static void write(
      ExampleParquetWriter.Builder to, MessageType schema, int rows, Filler filler)
      throws IOException {
    try (ParquetWriter<Group> writer = to.build()) {
      for (int i = 0; i < rows; i++) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        filler.fill(i, row);
        writer.write(row);
      }
    }
  }
}
