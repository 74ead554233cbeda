package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {
  @TempDir private Path folder;

  @Test
  void noByteOfATablePassesTheDriverAndAFlippedBitIsFound() throws IOException {
    StoredTable.Written written = StoredTable.write(folder, 30);
    assertThat(written.files()).hasSize(4);
    assertThat(written.bytes()).isGreaterThan(25_000_000);
    assertThat(written.bytesReadHere()).isLessThan(100_000);
    assertThat(StoredTable.problems(folder, written)).isEmpty();
    assertThat(TestSpark.session().read().parquet(folder + "/table").count())
        .isEqualTo(written.files().stream().mapToLong(FileRecord::rows).sum());
    StoredTable.flipBit(folder.resolve("table/part-00002.parquet"));
    assertThat(StoredTable.problems(folder, written))
        .containsExactly("table/part-00002.parquet was changed: its SHA-256 is another.");
  }

  @Test
  void equalRowsGiveEqualBytesHoweverTheyArePartitioned() {
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 5000)
            .selectExpr(
                "concat('d', id % 3) as domain", "cast(id as int) as window", "array(id) as ids");
    List<FileRecord> one = write(rows.coalesce(1), "one");
    List<FileRecord> nine = write(rows.repartition(9), "nine");
    assertThat(nine).isEqualTo(one);
    assertThat(one.get(0).rows()).isEqualTo(5000);
  }

  private List<FileRecord> write(Dataset<Row> rows, String name) {
    String uri = folder.resolve(name).toUri().toString();
    return TableWriter.write(rows, uri, 5000, "domain", "window");
  }

  @Test
  void anEmptyTableIsOneFile() {
    assertThat(
            write(TestSpark.session().range(0).selectExpr("'' as domain", "id as window"), "none"))
        .singleElement()
        .extracting(FileRecord::rows)
        .isEqualTo(0L);
    assertThat(TestSpark.session().read().parquet(folder + "/none").count()).isZero();
  }

  @Test
  void aSmallTableIsWrittenHere() throws IOException {
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType, false)
            .add("mean", DataTypes.createArrayType(DataTypes.DoubleType, false), false);
    Folder stored = Folder.at(folder.toUri().toString(), new Configuration());
    FileRecord record =
        stored.writeTable(
            "a/b.parquet",
            List.of(RowFactory.create("x", new double[] {1, 2.5})).iterator(),
            schema);
    assertThat(record.path()).isEqualTo("a/b.parquet");
    assertThat(record.bytes()).isEqualTo(Files.size(folder.resolve("a/b.parquet")));
    assertThat(
            stored
                .table(TestSpark.session(), "a/b.parquet")
                .selectExpr("mean[1]")
                .head()
                .getDouble(0))
        .isEqualTo(2.5);
  }
}
