package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSamplerTest extends SamplerFixture {

  @ParameterizedTest
  @EnumSource(Span.class)
  void aWindowHoldsTheTokensAtItsPlace(Span span) {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(40, 1), folder.resolve("c"), 3);
    Map<String, List<Row>> files = files(corpus);
    SampleConfig config = config(50, 60, span, Unit.TOKENS);
    for (Row window : sample(corpus, config, 1).windows().collectAsList()) {
      List<Row> rows = files.get(window.<String>getAs(Windows.FILE));
      int row = (int) (long) window.<Long>getAs(Windows.ROW);
      int offset = window.<Integer>getAs(Windows.OFFSET);
      List<Integer> stream = new ArrayList<>();
      for (int i = row; i < rows.size(); i++) {
        if (rows.get(i).getString(0).equals(window.<String>getAs(Windows.DOMAIN))) {
          for (int id : Tokenizer.of(TOKENIZER).encode(rows.get(i).getString(1))) {
            stream.add(id);
          }
        }
        if (span == Span.DOCUMENT) {
          break;
        }
      }
      List<Integer> ids = window.getList(window.fieldIndex(Windows.IDS));
      int end = Math.min(offset + 60, stream.size());
      assertThat(ids).isEqualTo(stream.subList(offset, end));
      assertThat(rows.get(row).getString(0)).isEqualTo(window.<String>getAs(Windows.DOMAIN));
      if (span == Span.STREAM) {
        assertThat(ids).hasSize(60);
      }
    }
  }

  @Test
  void theDrawDependsOnTheSeedAloneAndNeverRepeats() {
    Path one = TinyCorpus.parquet(TinyCorpus.rows(40, 1), folder.resolve("c"), 3);
    SampleConfig config = config(80, 20, Span.STREAM, Unit.TOKENS);
    List<Row> first = ordered(sample(one, config, 1));
    assertThat(ordered(sample(one, config, 1))).isEqualTo(first);
    assertThat(ordered(sample(one, config, 2))).isNotEqualTo(first);
    Set<Object> places = new HashSet<>();
    first.forEach(row -> places.add(List.of(row.get(0), row.get(3), row.get(4), row.get(5))));
    assertThat(places).hasSize(4 * 80);
    for (String domain : TinyCorpus.domains()) {
      assertThat(first.stream().filter(r -> r.getString(0).equals(domain)).map(r -> r.getInt(1)))
          .containsExactlyElementsOf(IntStream.range(0, 80).boxed().toList());
    }
  }

  @Test
  void everyTokenHasTheSameChanceToStartAWindow() throws IOException {
    // 4 documents of 30 tokens and 1 of 600: by tokens five windows in six start in the long one.
    Map<Long, Integer> byTokens = startsByRow(Unit.TOKENS);
    double all = byTokens.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(byTokens.get(4L) / all).isCloseTo(600.0 / 720, within(0.05));
  }

  @Test
  void everyDocumentHasTheSameChanceToStartAWindow() throws IOException {
    Map<Long, Integer> byDocuments = startsByRow(Unit.DOCUMENTS);
    double all = byDocuments.values().stream().mapToInt(Integer::intValue).sum();
    for (long row = 0; row < 5; row++) {
      assertThat(byDocuments.get(row) / all).isCloseTo(0.2, within(0.06));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeptOutDocumentIsNeitherDrawnNorRunInto(boolean mixed) {
    // Documents of a few tokens, in row groups of a few rows: every window runs on, most beyond its
    // split.
    Path folderOfIds = idsOfDocuments(mixed);
    KeptOut keptOut = (domain, ordinal) -> ordinal % 3 == 1;
    Corpus corpus = ofTokens(folderOfIds, mixed);
    WindowSampler sampler =
        new WindowSampler(
            TestSpark.session(),
            "",
            config(60, 24, Span.STREAM, Unit.TOKENS),
            new WindowSampler.Seed(1, "test"));
    Set<Integer> all = ordinalsSeen(sampler.sample(corpus));
    Set<Integer> kept = ordinalsSeen(sampler.withKeptOut(keptOut).sample(corpus));
    assertThat(all).anyMatch(ordinal -> ordinal % 3 == 1);
    assertThat(kept).noneMatch(ordinal -> ordinal % 3 == 1).hasSizeGreaterThan(200);
  }

  @Test
  void aFileOfWhichEnoughIsFoundIsReadOnce() throws IOException {
    Random random = new Random(8);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(RowFactory.create("a", random.nextLong() + " " + random.nextLong()));
    }
    Path once = folder.resolve("once");
    TestSpark.session()
        .createDataFrame(rows, StructType.fromDDL("domain string, text string"))
        .coalesce(1)
        .write()
        .parquet(once.toString());
    long size;
    try (Stream<Path> files = Files.list(once)) {
      size = files.mapToLong(file -> file.toFile().length()).sum();
    }
    Corpus corpus = corpusAt(once);
    corpus.domains();
    long before = read();
    try (SampledWindows sampled =
        new WindowSampler(
                TestSpark.session(),
                TOKENIZER,
                config(500, 6, Span.DOCUMENT, Unit.TOKENS),
                new WindowSampler.Seed(1, "test"))
            .sample(corpus)) {
      assertThat(sampled.count()).isEqualTo(500);
    }
    assertThat(read() - before).isBetween(size / 2, size * 5 / 4);
  }

  private static long read() {
    return FileSystem.getGlobalStorageStatistics().get("file").getLong("bytesRead");
  }

  @Test
  void windowsThatLieInFewOfManyFilesAreAllFound() throws IOException {
    Random random = new Random(5);
    Path many = Files.createDirectories(folder.resolve("many/a"));
    StringBuilder all = new StringBuilder();
    for (int file = 0; file < 20; file++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        StringBuilder text = new StringBuilder();
        for (int t = 0; t < (file == 17 ? 2000 : 9); t++) {
          text.append((char) (0x3A + random.nextInt(6)));
        }
        lines.append("{\"domain\": \"a\", \"text\": \"").append(text).append("\"}\n");
      }
      Files.writeString(many.resolve("%02d.jsonl".formatted(file)), lines);
      all.append(lines);
    }
    Path one = Files.createDirectories(folder.resolve("one"));
    Files.writeString(one.resolve("all.jsonl"), all);
    for (Unit unit : Unit.values()) {
      SampleConfig config = config(60, 8, Span.DOCUMENT, unit);
      try (SampledWindows apart = sample(many, config, 3);
          SampledWindows whole = sample(one, config, 3)) {
        assertThat(tokens(apart)).hasSize(60).isEqualTo(tokens(whole));
        assertThat(apart.domains().get(0).tokens()).isEqualTo(whole.domains().get(0).tokens());
      }
    }
  }

  private static List<List<Integer>> tokens(SampledWindows sampled) {
    return ordered(sampled).stream().map(row -> row.<Integer>getList(2)).toList();
  }
}
