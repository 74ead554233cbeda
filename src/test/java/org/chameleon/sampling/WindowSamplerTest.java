package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.chameleon.Reference;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.corpus.BadRows;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSamplerTest {
  private static final String TOKENIZER = tokenizer();

  @TempDir private Path folder;

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

  private Map<Long, Integer> startsByRow(Unit unit) throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(3);
    for (int i = 0; i < 5; i++) {
      StringBuilder text = new StringBuilder();
      for (int t = 0; t < (i == 4 ? 600 : 30); t++) {
        // Bytes that no merge joins: one token each.
        text.append((char) (0x3A + random.nextInt(6)));
      }
      lines.append("{\"text\": \"").append(text).append("\"}\n");
    }
    Path file = folder.resolve("long.jsonl");
    Files.writeString(file, lines);
    Corpus corpus =
        corpus(
            new CorpusConfig(
                List.of(),
                Map.of("a", List.of(file.toString())),
                "domain",
                "text",
                Optional.empty(),
                BadRows.FAIL));
    SampleConfig config = config(5, 8, Span.DOCUMENT, unit);
    Map<Long, Integer> starts = new HashMap<>();
    for (int seed = 0; seed < 40; seed++) {
      for (Row row :
          new WindowSampler(
                  TestSpark.session(), TOKENIZER, config, new WindowSampler.Seed(seed, "test"))
              .sample(corpus)
              .windows()
              .collectAsList()) {
        starts.merge(row.<Long>getAs(Windows.ROW), 1, Integer::sum);
      }
    }
    return starts;
  }

  @Test
  void exactDuplicatesAreReplacedByFurtherDraws() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      lines
          .append("{\"domain\": \"a\", \"text\": \"")
          .append(i < 190 ? "same words again" : "other words " + i)
          .append("\"}\n");
    }
    Path file = folder.resolve("duplicates.jsonl");
    Files.writeString(file, lines);
    SampleConfig config = config(20, 4, Span.DOCUMENT, Unit.TOKENS);
    List<Row> windows = sample(file, config, 1).windows().collectAsList();
    assertThat(windows).hasSize(20);
    assertThat(windows.stream().map(r -> r.getList(2)).distinct()).hasSize(20);
  }

  @Test
  void aDomainWithTooFewWindowsIsRefusedUnlessFewerAreAllowed() throws IOException {
    Path file = folder.resolve("small.jsonl");
    Files.writeString(file, "{\"domain\": \"arxiv\", \"text\": \":;<=>?@\"}\n");
    SampleConfig config = config(20, 3, Span.STREAM, Unit.TOKENS);
    assertThatThrownBy(() -> sample(file, config, 1))
        .hasMessage(
            "Cannot sample domain 'arxiv': 5 windows found, 20 needed. Lower sample.windows-per-domain or sample.window-tokens, set sample.allow-fewer = true, or add data.");
    SampleConfig fewer = new SampleConfig(20, 3, Span.STREAM, Unit.TOKENS, true, 4);
    assertThat(sample(file, fewer, 1).windows().count()).isEqualTo(5);
    assertThat(sample(file, fewer, 1).domains().get(0).windows()).isEqualTo(5);
  }

  @Test
  void sizesAreExactWhereAllDocumentsWereReadAndEstimatedElsewhere() {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(400, 1), folder.resolve("c"), 2);
    Map<String, Long> exact = new HashMap<>();
    files(corpus)
        .values()
        .forEach(
            rows ->
                rows.forEach(
                    row ->
                        exact.merge(
                            row.getString(0),
                            (long) Tokenizer.of(TOKENIZER).encode(row.getString(1)).length,
                            Long::sum)));
    for (DomainSize domain :
        sample(corpus, config(100, 16, Span.STREAM, Unit.TOKENS), 1).domains()) {
      assertThat(domain.rows()).isEqualTo(400);
      assertThat(domain.tokens()).isEqualTo(exact.get(domain.name()));
      assertThat(domain.tokensStandardError()).isZero();
      assertThat(domain.documents()).isEqualTo(400);
      assertThat(domain.wasReadWhole()).isTrue();
    }
    for (DomainSize domain :
        sample(corpus, config(20, 16, Span.STREAM, Unit.TOKENS), 1).domains()) {
      double error = Math.abs(domain.tokens() - exact.get(domain.name()));
      assertThat(domain.tokensStandardError()).isPositive();
      assertThat(domain.documents()).isEqualTo(80);
      assertThat(domain.wasReadWhole()).isFalse();
      assertThat(error).isLessThan(4 * domain.tokensStandardError());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeptOutDocumentIsNeitherDrawnNorRunInto(boolean mixed) {
    // Documents of a few tokens, in row groups of a few rows: every window runs on, most beyond its
    // split.
    Path folderOfIds = idsOfDocuments(mixed);
    KeptOut keptOut = (domain, ordinal) -> ordinal % 3 == 1;
    CorpusConfig config =
        new CorpusConfig(
            mixed ? List.of(folderOfIds.toString()) : List.of(),
            mixed ? Map.of() : Map.of("a", List.of(folderOfIds.toString())),
            "domain",
            "text",
            Optional.of("tokens"),
            BadRows.FAIL);
    WindowSampler sampler =
        new WindowSampler(
            TestSpark.session(),
            "",
            config(60, 24, Span.STREAM, Unit.TOKENS),
            new WindowSampler.Seed(1, "test"));
    Set<Integer> all = ordinalsSeen(sampler.sample(corpus(config)));
    Set<Integer> kept = ordinalsSeen(sampler.withKeptOut(keptOut).sample(corpus(config)));
    assertThat(all).anyMatch(ordinal -> ordinal % 3 == 1);
    assertThat(kept).noneMatch(ordinal -> ordinal % 3 == 1).hasSizeGreaterThan(200);
  }

  /** Every token of a document is its number in its domain. */
  private Path idsOfDocuments(boolean mixed) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      for (String domain : mixed ? List.of("a", "b") : List.of("a")) {
        rows.add(RowFactory.create(domain, Collections.nCopies(3 + i % 4, i)));
      }
    }
    Path corpus = folder.resolve("ids");
    TestSpark.session()
        .createDataFrame(rows, StructType.fromDDL("domain string, tokens array<int>"))
        .coalesce(1)
        .write()
        .option("parquet.block.size", 2048)
        .option("parquet.page.size", 512)
        .parquet(corpus.toString());
    return corpus;
  }

  private static Set<Integer> ordinalsSeen(SampledWindows sampled) {
    Set<Integer> seen = new HashSet<>();
    sampled
        .windows()
        .select(Windows.IDS)
        .collectAsList()
        .forEach(row -> seen.addAll(row.<Integer>getList(0)));
    return seen;
  }

  @Test
  void eachDomainGetsTheWindowsAskedOfIt() {
    Path path = TinyCorpus.parquet(TinyCorpus.rows(60, 1), folder.resolve("c"), 3);
    WindowSampler sampler =
        new WindowSampler(
            TestSpark.session(),
            TOKENIZER,
            config(1, 20, Span.STREAM, Unit.TOKENS),
            new WindowSampler.Seed(1, "test"));
    Map<String, Integer> wanted = Map.of("code", 3, "news", 90, "sums", 3);
    SampledWindows sampled = sampler.sampleAvailable(corpusAt(path), wanted);
    Map<String, Integer> found = new HashMap<>();
    sampled
        .windows()
        .collectAsList()
        .forEach(row -> found.merge(row.getAs(Windows.DOMAIN), 1, Integer::sum));
    assertThat(found).isEqualTo(wanted);
    assertThat(sampled.domains()).extracting(DomainSize::windows).containsExactly(3L, 90L, 3L);
  }

  private static List<Row> ordered(SampledWindows sampled) {
    return sampled.windows().orderBy(Windows.DOMAIN, Windows.WINDOW).collectAsList();
  }

  private static Map<String, List<Row>> files(Path corpus) {
    Map<String, List<Row>> files = new HashMap<>();
    TestSpark.session()
        .read()
        .parquet(corpus.toString())
        .selectExpr("domain", "text", "_metadata.file_path", "_metadata.row_index")
        .orderBy("file_path", "row_index")
        .collectAsList()
        .forEach(
            row ->
                files
                    .computeIfAbsent(
                        row.getString(2).replace("file:///", "file:/"), f -> new ArrayList<>())
                    .add(row));
    return files;
  }

  private static SampleConfig config(int windows, int tokens, Span span, Unit unit) {
    return new SampleConfig(windows, tokens, span, unit, false, 4);
  }

  private static SampledWindows sample(Path path, SampleConfig config, long seed) {
    return new WindowSampler(
            TestSpark.session(), TOKENIZER, config, new WindowSampler.Seed(seed, "test"))
        .sample(corpusAt(path));
  }

  private static Corpus corpusAt(Path path) {
    return corpus(
        new CorpusConfig(
            List.of(path.toString()), Map.of(), "domain", "text", Optional.empty(), BadRows.FAIL));
  }

  private static Corpus corpus(CorpusConfig config) {
    return Corpus.open(TestSpark.session(), config);
  }

  private static String tokenizer() {
    try {
      return Files.readString(Reference.path("gpt2/tokenizer.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
