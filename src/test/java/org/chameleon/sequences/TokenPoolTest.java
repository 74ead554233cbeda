package org.chameleon.sequences;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.TinyRun;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.sampling.KeptOut;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.storage.Folder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Document n of domain {@code d} holds 7 ids from {@code 100,000 d + 10 n} on, so that every id
 * tells where it is from.
 */
class TokenPoolTest {
  private static final int CONTEXT = 5;
  private static final int LENGTH = 7;
  private static final WindowSampler.Seed SEED = new WindowSampler.Seed(1, "trials");
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void write() {
    corpus = corpus(Map.of("0", 300, "1", 80, "2", 3), 2);
  }

  @Test
  void sequencesFollowOneAnotherAndEachIdIsPredictedOnce() {
    TokenPool.Pool pool = pool(Map.of("0", 40L, "1", 1000L, "2", 4L), KeptOut.NONE, Set.of(), "a");
    assertThat(pool.index().sequences()).isEqualTo(Map.of("0", 40L, "1", 111L, "2", 4L));
    assertThat(pool.index().domains())
        .extracting(PoolIndex.Domain::complete)
        .containsExactly(false, true, false);
    try (PoolReader reader = reader("a")) {
      List<Integer> stream = new ArrayList<>();
      for (int i = 0; i < 111; i++) {
        int[] ids = reader.sequence("1", i);
        assertThat(ids).hasSize(CONTEXT + 1);
        assertThat(stream.isEmpty() || stream.get(stream.size() - 1) == ids[0]).isTrue();
        Arrays.stream(ids).skip(stream.isEmpty() ? 0 : 1).forEach(stream::add);
      }
      assertThat(stream)
          .hasSize(111 * CONTEXT + 1)
          .doesNotHaveDuplicates()
          .allMatch(id -> id / 100_000 == 1);
      // Documents are whole, and in another order than the corpus has them.
      List<Integer> documents = stream.stream().map(id -> id % 100_000 / 10).distinct().toList();
      assertThat(documents).hasSize(80).isNotEqualTo(documents.stream().sorted().toList());
      for (int i = 0; i + 1 < stream.size(); i++) {
        boolean inside = stream.get(i) % 10 < LENGTH - 1;
        assertThat(!inside || stream.get(i + 1) == stream.get(i) + 1).isTrue();
      }
    }
  }

  @Test
  void anySequenceIsFound() {
    pool(Map.of("0", 300L, "1", 9L, "2", 0L), KeptOut.NONE, Set.of(), "a");
    try (PoolReader reader = reader("a");
        PoolReader other = reader("a")) {
      List<int[]> inOrder = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        inOrder.add(reader.sequence("0", i));
      }
      for (int i : new int[] {299, 0, 150, 149, 151, 298, 299}) {
        assertThat(other.sequence("0", i)).isEqualTo(inOrder.get(i));
      }
      assertThat(reader.sequences("2")).isZero();
    }
  }

  @Test
  void theSameSequencesFromAnyFiles() {
    pool(Map.of("0", 100L, "1", 100L, "2", 3L), KeptOut.NONE, Set.of(), "a");
    corpus = corpus(Map.of("0", 300, "1", 80, "2", 3), 1);
    pool(Map.of("0", 100L, "1", 100L, "2", 3L), KeptOut.NONE, Set.of(), "b");
    for (String file : List.of("00000.ids", "00001.ids", "00002.ids")) {
      assertThat(folder.resolve("b").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("a").resolve(file));
    }
  }

  @Test
  void heldOutDocumentsAndTheirDuplicatesAreLeftOut() {
    KeptOut keptOut = (domain, ordinal) -> domain.equals("1") && ordinal < 40;
    Set<Integer> without = Set.of(0, 17);
    TokenPool.Pool pool = pool(Map.of("0", 1000L, "1", 1000L, "2", 1000L), keptOut, without, "a");
    assertThat(pool.duplicatesDropped()).isEqualTo(2);
    assertThat(documents("0")).hasSize(298).doesNotContain(0, 17);
    assertThat(documents("1")).hasSize(40);
  }

  @Test
  void aDomainWithoutASequenceHasNone() {
    KeptOut keptOut = (domain, ordinal) -> domain.equals("0");
    TokenPool.Pool pool = pool(Map.of("0", 3L, "1", 2L), keptOut, Set.of(), "x");
    assertThat(pool.index().sequences()).isEqualTo(Map.of("0", 0L, "1", 2L));
  }

  private Corpus corpus(Map<String, Integer> documents, int files) {
    List<Row> rows = new ArrayList<>();
    new TreeMap<>(documents)
        .forEach(
            (domain, count) -> {
              for (int n = 0; n < count; n++) {
                rows.add(RowFactory.create(domain, ids(Integer.parseInt(domain), n)));
              }
            });
    StructType schema =
        new StructType()
            .add("domain", DataTypes.StringType)
            .add("ids", DataTypes.createArrayType(DataTypes.IntegerType));
    Path written = folder.resolve("corpus" + files);
    TestSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .option("maxRecordsPerFile", rows.size() / files + 1)
        .mode(SaveMode.Overwrite)
        .parquet(written.toString());
    return TinyRun.into(folder.resolve("run"))
        .over(written)
        .with("corpus.tokens-column", "ids")
        .corpus();
  }

  private static List<Integer> ids(int domain, int document) {
    return IntStream.range(0, LENGTH).mapToObj(i -> 100_000 * domain + 10 * document + i).toList();
  }

  private static ContentHashes hashes(Set<Integer> documents) {
    return ContentHashes.of(
        documents.stream()
            .map(n -> ids(0, n).stream().mapToInt(Integer::intValue).toArray())
            .map(ids -> ContentHashes.of(new Document("0", 0, "", 0, null, ids, false)))
            .toList());
  }

  private Set<Integer> documents(String domain) {
    Set<Integer> documents = new HashSet<>();
    try (PoolReader reader = reader("a")) {
      for (long i = 0; i < reader.sequences(domain); i++) {
        Arrays.stream(reader.sequence(domain, i)).forEach(id -> documents.add(id % 100_000 / 10));
      }
    }
    return documents;
  }

  private TokenPool.Pool pool(
      Map<String, Long> sequences, KeptOut keptOut, Set<Integer> without, String name) {
    return new TokenPool(TestSpark.session(), "", SEED, keptOut, hashes(without))
        .write(corpus, sequences, CONTEXT, at(name));
  }

  private Folder at(String name) {
    return Folder.at(folder.resolve(name).toString(), HADOOP);
  }

  private PoolReader reader(String name) {
    assertThat(Files.exists(folder.resolve(name).resolve("pool.json"))).isTrue();
    return PoolReader.open(folder.resolve(name).toString(), HADOOP);
  }
}
