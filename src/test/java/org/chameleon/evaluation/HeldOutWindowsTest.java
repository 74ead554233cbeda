package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.chameleon.Reference;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.TinyRun;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.HeldOut;
import org.chameleon.sequences.ContentHashes;
import org.chameleon.sequences.PoolReader;
import org.chameleon.storage.Folder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutWindowsTest {
  private static final int CONTEXT = 16;
  private static final Configuration HADOOP = new Configuration();
  private static final String TOKENIZER = Tokenizer.read(Reference.path("gpt2").toString(), HADOOP);

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void write() {
    corpus = corpus(60, 2);
  }

  private Corpus corpus(int documents, int files) {
    Path written =
        TinyCorpus.parquet(TinyCorpus.rows(documents, 1), folder.resolve("corpus"), files);
    return TinyRun.into(folder.resolve("run")).over(written).corpus();
  }

  private HeldOutWindows cut(Corpus of, double fraction, long most) {
    HeldOut heldOut = HeldOut.of(of, new HeldOutConfig(fraction, most), 3);
    MeasuredDocuments documents = MeasuredDocuments.heldOut(of, heldOut);
    return HeldOutWindows.of(TestSpark.session(), documents, TOKENIZER, CONTEXT, most, 3);
  }

  @Test
  void everyTokenButTheFirstIsPredictedOnceAndItsBytesAreCounted() {
    try (HeldOutWindows windows = cut(corpus, 0.25, 100_000)) {
      assertThat(windows.documents()).isEqualTo(4 * 15);
      for (String domain : TinyCorpus.domains()) {
        List<Row> rows = rows(windows, domain);
        List<Integer> stream = new ArrayList<>();
        long bytes = 0;
        for (Row row : rows) {
          List<Integer> ids = row.getList(2);
          assertThat(row.getInt(1)).isEqualTo(stream.size() / CONTEXT);
          assertThat(ids).hasSize(CONTEXT + 1);
          if (!stream.isEmpty()) {
            assertThat(ids.get(0)).isEqualTo(stream.get(stream.size() - 1));
          }
          stream.addAll(stream.isEmpty() ? ids : ids.subList(1, ids.size()));
          bytes += row.getLong(3);
        }
        // All but the first token and less than a window at the end.
        long all = heldOut(domain).stream().mapToLong(HeldOutWindowsTest::bytes).sum();
        int tokens = heldOut(domain).stream().mapToInt(HeldOutWindowsTest::tokens).sum();
        assertThat(stream.size()).isBetween(tokens - CONTEXT, tokens);
        assertThat(bytes).isLessThan(all).isGreaterThan(all - 12L * (CONTEXT + 1));
        assertThat(windows.bytes()).containsEntry(domain, bytes);
      }
    }
  }

  private static long bytes(Document document) {
    return document.text().getBytes(StandardCharsets.UTF_8).length;
  }

  private static int tokens(Document document) {
    return Tokenizer.of(TOKENIZER).encode(document.text()).length;
  }

  private List<Document> heldOut(String domain) {
    long[] numbers =
        HeldOut.of(corpus, new HeldOutConfig(0.25, 100_000), 3).documents().get(domain);
    return documents(corpus, domain, numbers);
  }

  private static List<Document> documents(Corpus of, String domain, long[] numbers) {
    return of
        .documents(Map.of(domain, numbers))
        .map(document -> List.of(String.valueOf(document.ordinal()), document.text()))
        .collect()
        .stream()
        .map(d -> new Document(domain, Long.parseLong(d.get(0)), "", 0, d.get(1), null, false))
        .sorted(Comparator.comparingLong(Document::ordinal))
        .toList();
  }

  private static List<Row> rows(HeldOutWindows windows, String domain) {
    return windows.windows().collectAsList().stream()
        .filter(row -> row.getString(0).equals(domain))
        .sorted(Comparator.comparingInt(row -> row.getInt(1)))
        .toList();
  }

  @Test
  void trialsReadTheSameWindowsAndThereAreNoMoreThanAskedFor() {
    try (HeldOutWindows windows = cut(corpus, 0.25, 25 * CONTEXT)) {
      assertThat(windows.count()).isEqualTo(4 * 25);
      Folder written = Folder.at(folder.resolve("flat").toString(), HADOOP);
      windows.write(written);
      try (PoolReader reader = PoolReader.open(folder.resolve("flat").toString(), HADOOP)) {
        for (Row row : windows.windows().collectAsList()) {
          int[] ids = row.<Integer>getList(2).stream().mapToInt(Integer::intValue).toArray();
          assertThat(reader.sequence(row.getString(0), row.getInt(1))).isEqualTo(ids);
        }
      }
    }
  }

  @Test
  void theSameWindowsForAnyFiles() {
    List<Row> two;
    try (HeldOutWindows windows = cut(corpus, 0.25, 400)) {
      two = rows(windows, "news");
    }
    List<Row> inOrder = new ArrayList<>();
    for (String domain : TinyCorpus.domains()) {
      documents(corpus, domain, LongStream.range(0, 60).toArray())
          .forEach(document -> inOrder.add(RowFactory.create(domain, document.text())));
    }
    TestSpark.session()
        .createDataFrame(inOrder, TinyCorpus.SCHEMA)
        .coalesce(1)
        .write()
        .parquet(folder.resolve("one").toString());
    Corpus one = TinyRun.into(folder.resolve("run")).over(folder.resolve("one")).corpus();
    assertThat(documentsInOrder(one)).isEqualTo(documentsInOrder(corpus));
    try (HeldOutWindows windows = cut(one, 0.25, 400)) {
      assertThat(rows(windows, "news")).isEqualTo(two);
    }
  }

  private static List<String> documentsInOrder(Corpus of) {
    long[] all = LongStream.range(0, 60).toArray();
    return documents(of, "news", all).stream().map(Document::text).toList();
  }

  @Test
  void contentsAreThoseOfTheHeldOutDocuments() {
    try (HeldOutWindows windows = cut(corpus, 0.25, 100_000)) {
      ContentHashes contents = new ContentHashes(windows.contents());
      Set<String> texts = heldOut("code").stream().map(Document::text).collect(Collectors.toSet());
      assertThat(heldOut("code")).allMatch(contents::contains);
      long[] all = LongStream.range(0, 60).toArray();
      assertThat(documents(corpus, "code", all))
          .allMatch(document -> contents.contains(document) == texts.contains(document.text()));
    }
  }

  @Test
  void tooLittleToMeasureIsRefusedByDomainAndKey() {
    assertThatThrownBy(() -> cut(corpus, 0.02, 100_000))
        .hasMessageContaining("'code' (")
        .hasMessageContaining("'sums' (")
        .hasMessageContaining("20 windows of 16 tokens are needed")
        .hasMessageContaining("corpus.held-out.fraction");
    assertThatThrownBy(
            () ->
                HeldOutWindows.of(
                    TestSpark.session(),
                    MeasuredDocuments.heldOut(corpus, HeldOut.of(corpus, HeldOutConfig.OFF, 3)),
                    "",
                    CONTEXT,
                    1,
                    3))
        .hasMessageContaining("no tokenizer says what text");
  }
}
