package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.corpus.BadRows;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.sampling.KeptOut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Domain {@code d} holds ids of hundreds {@code d}: the first id of a sequence tells its domain.
 */
class TrainingSequencesTest {
  private static final int TOKENS = 6;

  @TempDir private Path folder;

  @Test
  void domainsHaveTheirSharesAtAnyPoint() {
    Map<String, Double> shares = Map.of("0", 5.0, "1", 1.0, "2", 2.5);
    List<Integer> domains = domains(take(shares, 85, KeptOut.NONE));
    assertThat(domains).hasSize(85);
    shares.forEach(
        (name, share) -> {
          int had = 0;
          for (int i = 0; i < domains.size(); i++) {
            had += domains.get(i) == Integer.parseInt(name) ? 1 : 0;
            assertThat(Math.abs(had - share / 8.5 * (i + 1))).isLessThan(1);
          }
        });
  }

  @Test
  void evenSharesTakeTurnsAndADomainThatHasTooFewComesAgain() {
    List<List<Integer>> sequences = take(even(), 300, KeptOut.NONE);
    List<Integer> domains = domains(sequences);
    for (int i = 0; i < domains.size(); i++) {
      assertThat(domains.get(i)).isEqualTo(i % 3);
    }
    long distinct = sequences.stream().filter(ids -> ids.get(0) / 100 == 2).distinct().count();
    assertThat(distinct).isLessThan(100);
  }

  @Test
  void keptOutDocumentsAreInNoSequence() {
    KeptOut keptOut = (domain, ordinal) -> domain.equals("1") && ordinal % 2 == 0;
    for (List<Integer> ids : take(even(), 200, keptOut)) {
      assertThat(ids).noneMatch(id -> id / 100 == 1 && id % 2 == 0);
    }
  }

  @Test
  void aDomainWithoutASequenceIsLeftOut() {
    KeptOut keptOut = (domain, ordinal) -> domain.equals("1");
    List<Integer> domains = domains(take(Map.of("0", 3.0, "1", 5.0, "2", 1.0), 40, keptOut));
    assertThat(Collections.frequency(domains, 0)).isEqualTo(30);
    assertThat(Collections.frequency(domains, 2)).isEqualTo(10);
  }

  @Test
  void whatIsNoShareIsRefused() {
    assertThatThrownBy(() -> take(Map.of("x", 1.0), 10, KeptOut.NONE))
        .hasMessage(
            "Cannot give domain 'x' a share of 1.0: the corpus has domains [0, 1, 2], and shares are"
                + " not negative.");
    assertThatThrownBy(() -> take(Map.of("0", -1.0), 10, KeptOut.NONE))
        .hasMessageContaining("a share of -1.0");
    assertThatThrownBy(() -> take(Map.of("0", 0.0), 10, KeptOut.NONE))
        .hasMessageContaining("give one domain a share");
  }

  private static Map<String, Double> even() {
    return new TreeMap<>(Map.of("0", 1.0, "1", 1.0, "2", 1.0));
  }

  private static List<Integer> domains(List<List<Integer>> sequences) {
    return sequences.stream().map(ids -> ids.get(0) / 100).toList();
  }

  private List<List<Integer>> take(Map<String, Double> shares, long wanted, KeptOut keptOut) {
    TrainingSequences source = new TrainingSequences(TestSpark.session(), "", 5, keptOut);
    try (TrainingSequences.Sequences taken = source.take(shares, wanted, TOKENS, corpus())) {
      return taken.ids().collectAsList().stream().map(row -> row.<Integer>getList(0)).toList();
    }
  }

  /** Documents of three tokens, each token the document's number; few in the last domain. */
  private Corpus corpus() {
    List<Row> rows = new ArrayList<>();
    for (int domain = 0; domain < 3; domain++) {
      for (int i = 0; i < (domain == 2 ? 9 : 100); i++) {
        rows.add(
            RowFactory.create(String.valueOf(domain), Collections.nCopies(3, 100 * domain + i)));
      }
    }
    String path = folder.resolve("corpus").toString();
    TestSpark.session()
        .createDataFrame(rows, StructType.fromDDL("domain string, tokens array<int>"))
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(path);
    return Corpus.open(
        TestSpark.session(),
        new CorpusConfig(
            List.of(path),
            Map.of(),
            "domain",
            "text",
            Optional.of("tokens"),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF));
  }
}
