package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.sampling.Windows;
import org.junit.jupiter.api.Test;

/** Domain {@code a} has 60 windows of 20 documents, three of each. */
class DomainStatesTest {
  private static final int DOCUMENTS = 20;
  private static final int WINDOWS = 60;

  @Test
  void windowsOfADocumentAreInOneGroupWhereverItsFileLies() {
    Map<Integer, Long> groups = groups(7, "file:/corpus/one.parquet");
    assertThat(groups.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(WINDOWS);
    assertThat(groups.values()).allMatch(samples -> samples % 3 == 0);
    assertThat(groups.keySet()).allMatch(group -> group >= 0 && group < 16);
    assertThat(groups).hasSizeBetween(6, 16);
    assertThat(groups(7, "s3a://elsewhere/v2/one.parquet")).isEqualTo(groups);
    assertThat(groups(8, "file:/corpus/one.parquet")).isNotEqualTo(groups);
    assertThat(groups(7, "file:/corpus/two.parquet")).isNotEqualTo(groups);
  }

  @Test
  void embeddingsFromElsewhereAreGroupedByThemselves() {
    Dataset<Row> samples = samples();
    Set<Map<Integer, Long>> seeds = new HashSet<>();
    for (long seed = 0; seed < 3; seed++) {
      Map<Integer, Long> groups = groups(DomainStates.of(samples, seed));
      assertThat(groups(DomainStates.of(samples.withColumn("window", numbered()), seed)))
          .as("the order of the rows does not matter")
          .isEqualTo(groups);
      seeds.add(groups);
    }
    assertThat(seeds).hasSize(3);
  }

  private static Column numbered() {
    return functions.expr("cast(59 - window as int)");
  }

  private static Map<Integer, Long> groups(long seed, String file) {
    List<Row> windows = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      windows.add(RowFactory.create("a", i, List.of(1, 2), file, (long) (i % DOCUMENTS), i));
    }
    Dataset<Row> table = TestSpark.session().createDataFrame(windows, Windows.SCHEMA);
    Dataset<Row> grouped =
        DomainStates.withGroups(table, seed).select(Samples.WINDOW, Samples.GROUP);
    return groups(DomainStates.of(samples().join(grouped, Samples.WINDOW), List.of()));
  }

  private static Dataset<Row> samples() {
    List<Row> samples = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      samples.add(RowFactory.create("a", i, List.of((float) i, -1f)));
    }
    StructType schema = StructType.fromDDL("domain string, window int, embedding array<float>");
    return TestSpark.session().createDataFrame(samples, schema);
  }

  private static Map<Integer, Long> groups(Dataset<Row> states) {
    Map<Integer, Long> groups = new HashMap<>();
    states
        .select(DomainStates.GROUP, DomainStates.SAMPLES)
        .collectAsList()
        .forEach(row -> groups.put(row.getInt(0), row.getLong(1)));
    return groups;
  }
}
