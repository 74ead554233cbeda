package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that executors write. */
class TableWriterTest {
  @TempDir private Path folder;

  @Test
  void equalRowsGiveEqualBytesHoweverTheyAreSpread() throws IOException {
    long count = 150_000;
    Dataset<Row> rows =
        TestSpark.session()
            .range(count)
            .selectExpr("concat('d', id % 7) as domain", "id", "array(id / 3, 0.5D) as numbers");
    List<FileRecord> expected = write(rows.repartition(1), count, "one");
    assertThat(expected).hasSize(3).extracting(FileRecord::path).isSorted();
    assertThat(expected.stream().mapToLong(FileRecord::rows).sum()).isEqualTo(count);
    assertThat(write(rows.repartition(5), count, "five")).isEqualTo(expected);
    assertThat(write(rows.orderBy(functions.desc("id")), count, "back")).isEqualTo(expected);
    for (FileRecord part : expected) {
      assertThat(folder.resolve("five").resolve(part.path()))
          .hasSameBinaryContentAs(folder.resolve("one").resolve(part.path()));
    }
    assertThat(
            TestSpark.session()
                .read()
                .parquet(folder.resolve("one").toString())
                .except(rows)
                .isEmpty())
        .isTrue();
  }

  @Test
  void rowsLieInTheOrderOfTheirKey() {
    Dataset<Row> rows = TestSpark.session().range(100).selectExpr("id % 10 as a", "-id as b");
    write(rows.repartition(3), 100, "table");
    List<Row> read =
        TestSpark.session().read().parquet(folder.resolve("table").toString()).collectAsList();
    List<Row> ordered = new ArrayList<>(rows.orderBy("a", "b").collectAsList());
    assertThat(read).isEqualTo(ordered);
  }

  @Test
  void aTableWithoutRowsIsAFile() {
    Dataset<Row> none = TestSpark.session().range(0).selectExpr("id as a", "id as b");
    assertThat(write(none, 0, "table"))
        .singleElement()
        .satisfies(part -> assertThat(part.rows()).isZero());
    assertThat(TestSpark.session().read().parquet(folder.resolve("table").toString()).count())
        .isZero();
  }

  @Test
  void nothingIsLeftWhereATaskFailed() throws IOException {
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 10, 1, 2)
            .selectExpr("id as a", "if(id = 7, null, id) as b");
    assertThatThrownBy(() -> TableWriter.writeParts(rows, folder.resolve("t").toString()))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("b of a row is null");
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void theDriverReadsNothingOfWhatTasksWrite() throws IOException {
    long rows = 7500;
    FloatTable table = FloatTable.write(rows, folder);
    table.assertFourParts(rows);
    assertThat(table.bytes()).isGreaterThan(20_000_000);
    assertThat(table.driverBytes()).isLessThan(1_000_000);
    long before = FloatTable.bytesOfThisThread();
    assertThat(table.problems(folder)).isEmpty();
    table.flip(folder, 2);
    assertThat(table.problems(folder))
        .containsExactly("part-00002.parquet was changed: its SHA-256 is another.");
    assertThat(FloatTable.bytesOfThisThread() - before).isLessThan(1_000_000);
  }

  private List<FileRecord> write(Dataset<Row> rows, long count, String name) {
    String[] columns = rows.columns();
    return TableWriter.write(
        rows, folder.resolve(name).toString(), count, columns[0], columns[1]);
  }
}
