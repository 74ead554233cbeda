package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetOutputTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("name", DataTypes.StringType, false)
          .add("number", DataTypes.LongType, false)
          .add("values", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadAndItsEncodingsAreSorted() throws IOException {
    List<Row> rows = rows(5_000);
    Path file = folder.resolve("table.parquet");
    FileRecord record = write(rows, file, 1 << 20);
    assertThat(record.rows()).isEqualTo(5_000);
    assertThat(record.bytes()).isEqualTo(Files.size(file));
    assertThat(TestSpark.session().read().parquet(file.toString()).toJSON().collectAsList())
        .isEqualTo(TestSpark.session().createDataFrame(rows, SCHEMA).toJSON().collectAsList());
    for (RowGroup group : footer(file).getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        List<Integer> encodings = new ArrayList<>();
        for (Encoding encoding : column.getMeta_data().getEncodings()) {
          encodings.add(encoding.getValue());
        }
        assertThat(encodings).isSorted().hasSizeGreaterThan(1);
      }
    }
  }

  @Test
  void manyRowGroupsFitBetweenWhatIsHeldBackAndWhatIsReleased() throws IOException {
    List<Row> rows = rows(60_000);
    Path file = folder.resolve("groups.parquet");
    write(rows, file, 1 << 14);
    assertThat(footer(file).getRow_groups()).hasSizeGreaterThan(50);
    assertThat(TestSpark.session().read().parquet(file.toString()).selectExpr("sum(number)").head())
        .isEqualTo(RowFactory.create(60_000L * 59_999 / 2));
  }

  private static List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          RowFactory.create("name " + i % 7, (long) i, new double[] {i * 0.37, Math.sqrt(i), 1}));
    }
    return rows;
  }

  private static FileRecord write(List<Row> rows, Path file, long rowGroup) throws IOException {
    HashedFile hashed =
        HashedFile.create(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration());
    RowWriter writer =
        RowWriter.open(
            hashed, SCHEMA, new RowWriter.Settings(CompressionCodecName.SNAPPY, rowGroup));
    try (writer) {
      for (Row row : rows) {
        writer.write(row);
      }
    }
    return writer.record();
  }

  private static FileMetaData footer(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    return Util.readFileMetaData(
        new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
  }
}
