package org.chameleon.sampling;

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
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.chameleon.Reference;
import org.chameleon.TestSpark;
import org.chameleon.corpus.BadRows;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;
import org.junit.jupiter.api.io.TempDir;

/** Corpora to be sampled. */
class SamplerFixture {
  static final String TOKENIZER = tokenizer();

  @TempDir Path folder;

  Map<Long, Integer> startsByRow(Unit unit) throws IOException {
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
                BadRows.FAIL,
                31,
                HeldOutConfig.OFF,
                List.of(),
                Map.of()));
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

  /** Every token of a document is its number in its domain. */
  Path idsOfDocuments(boolean mixed) {
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

  static Set<Integer> ordinalsSeen(SampledWindows sampled) {
    Set<Integer> seen = new HashSet<>();
    sampled
        .windows()
        .select(Windows.IDS)
        .collectAsList()
        .forEach(row -> seen.addAll(row.<Integer>getList(0)));
    return seen;
  }

  static List<Row> ordered(SampledWindows sampled) {
    return sampled.windows().orderBy(Windows.DOMAIN, Windows.WINDOW).collectAsList();
  }

  static Map<String, List<Row>> files(Path corpus) {
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

  static SampleConfig config(int windows, int tokens, Span span, Unit unit) {
    return new SampleConfig(windows, tokens, span, unit, false, 4);
  }

  static SampledWindows sample(Path path, SampleConfig config, long seed) {
    return new WindowSampler(
            TestSpark.session(), TOKENIZER, config, new WindowSampler.Seed(seed, "test"))
        .sample(corpusAt(path));
  }

  static Corpus corpusAt(Path path) {
    return corpus(
        new CorpusConfig(
            List.of(path.toString()),
            Map.of(),
            "domain",
            "text",
            Optional.empty(),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF,
            List.of(),
            Map.of()));
  }

  /** Documents of token ids, of several domains or of one alone. */
  static Corpus ofTokens(Path path, boolean mixed) {
    return corpus(
        new CorpusConfig(
            mixed ? List.of(path.toString()) : List.of(),
            mixed ? Map.of() : Map.of("a", List.of(path.toString())),
            "domain",
            "text",
            Optional.of("tokens"),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF,
            List.of(),
            Map.of()));
  }

  static Corpus corpus(CorpusConfig config) {
    return Corpus.open(TestSpark.session(), config);
  }

  static String tokenizer() {
    try {
      return Files.readString(Reference.path("gpt2/tokenizer.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
