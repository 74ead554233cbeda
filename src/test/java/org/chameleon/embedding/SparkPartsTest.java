package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;

/** 3,000 domains of three groups each, which are more than one part. */
class SparkPartsTest {
  private static final int DOMAINS = 3000;
  private static final int WIDTH = 3;

  private static Dataset<Row> states() {
    Random random = new Random(2);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < DOMAINS; i++) {
      for (int group = 0; group < 3; group++) {
        double[] sums = random.doubles(WIDTH).map(x -> (float) x).toArray();
        rows.add(
            RowFactory.create(
                "d%04d".formatted(i), group, 2L, WIDTH, sums, new int[0], new double[0]));
      }
    }
    return TestSpark.session().createDataFrame(rows, DomainStates.SCHEMA);
  }

  /** More numbers than one task adds up, the last of them the number of domains. */
  private static double[] scaled(Iterator<DomainEmbedding> part) {
    double[] sum = new double[200_000];
    part.forEachRemaining(
        domain -> {
          for (int j = 0; j < sum.length - 1; j++) {
            sum[j] += domain.mean()[j % WIDTH] / (j + 1);
          }
          sum[sum.length - 1]++;
        });
    return sum;
  }

  @Test
  void sumsHaveTheSameBitsForAnyPartitioning() {
    Dataset<Row> states = states();
    assertThat(DomainStates.domains(states)).isEqualTo(DOMAINS);
    double[] expected = null;
    for (int partitions : new int[] {1, 7}) {
      try (SparkParts parts = SparkParts.of(states.repartition(partitions), DOMAINS)) {
        double[] sum = parts.sum(SparkPartsTest::scaled);
        expected = expected == null ? sum : expected;
        assertThat(sum).containsExactly(expected);
        assertThat(sum[sum.length - 1]).isEqualTo(DOMAINS);
        assertThat(sum[1]).isBetween(0.9 * DOMAINS / 8, 1.1 * DOMAINS / 8);
      }
    }
  }

  @Test
  void embeddingsAreThoseOfTheirStatesInTheOrderOfNames() {
    Dataset<Row> states = states();
    try (SparkParts parts = SparkParts.of(states, DOMAINS)) {
      List<List<DomainEmbedding>> all =
          parts.each(
              part -> {
                List<DomainEmbedding> list = new ArrayList<>();
                part.forEachRemaining(list::add);
                return list;
              });
      assertThat(all).hasSizeGreaterThan(1);
      Map<String, DomainEmbedding> expected = new HashMap<>();
      DomainEmbeddings.of(states).domains().forEach(d -> expected.put(d.domain(), d));
      for (List<DomainEmbedding> part : all) {
        assertThat(part).isSortedAccordingTo(Comparator.comparing(d -> d.domain()));
        for (DomainEmbedding domain : part) {
          DomainEmbedding same = expected.remove(domain.domain());
          assertThat(domain.mean()).containsExactly(same.mean());
          assertThat(domain.samples()).isEqualTo(6);
          assertThat(domain.groups()).hasSize(3);
        }
      }
      assertThat(expected).isEmpty();
    }
  }
}
