package org.chameleon.corpus;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of tests, written without Spark. */
final class ParquetFiles {
  static final MessageType TEXT =
      MessageTypeParser.parseMessageType(
          "message m { required binary domain (STRING); optional binary text (STRING); }");

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
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(path.toUri()))
            .withType(schema)
            .withRowGroupSize(1L)
            .withMinRowCountForPageSizeCheck(rowsOfGroup)
            .withMaxRowCountForPageSizeCheck(rowsOfGroup)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        filler.fill(i, row);
        writer.write(row);
      }
    }
    return path;
  }
}
