package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest extends CorpusFixture {

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "jsonl.gz", "jsonl.zst"})
  void jsonLinesAreReadPlainAndCompressed(String ending) throws IOException {
    write(
        "corpus." + ending,
        """
        {"text": "one", "domain": "a"}

        {"domain": "b", "text": "zwei \\u00e9\\ud83d\\ude00"}
        {"text": "three", "domain": "a", "other": [1, {"x": 2}]}
        """);
    Corpus corpus = open(config("corpus." + ending));
    assertThat(corpus.domains().keySet()).containsExactly("a", "b");
    assertThat(read(corpus, Map.of("a", new long[] {0, 1}, "b", new long[] {0})))
        .containsExactly(
            new Read("a", 0, "one", 0),
            new Read("a", 1, "three", 2),
            new Read("b", 0, "zwei é😀", 1));
  }

  @Test
  void parquetIsReadByPageWhereverTheWantedRowsAre() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      rows.add(
          RowFactory.create(i % 3 == 0 ? "a" : "b", "document " + i + " " + "x".repeat(i % 50)));
    }
    parquet(
        rows,
        TEXT,
        "pages",
        Map.of("parquet.page.row.count.limit", "100", "parquet.block.size", "60000"));
    Corpus corpus = open(config("pages"));
    long[] wanted = {0, 1, 7, 333, 334, 900, 1650};
    List<Read> read = read(corpus, Map.of("a", wanted));
    assertThat(read).hasSize(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(read.get(i).content()).startsWith("document " + 3 * wanted[i] + " ");
    }
  }

  @Test
  void fewRowsOfALargeFileAreReadWithoutTheRest() throws IOException {
    java.util.Random random = new java.util.Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      rows.add(RowFactory.create("a", i + " " + random.nextLong() + random.nextLong()));
    }
    parquet(
        rows,
        TEXT,
        "large",
        Map.of("parquet.page.row.count.limit", "50", "parquet.enable.dictionary", "false"));
    try (java.util.stream.Stream<Path> files = Files.list(folder.resolve("large"))) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      CorpusFile one =
          new CorpusFile(file.toString(), Files.size(file), 0, "a", FileFormat.PARQUET);
      Columns columns =
          new Columns("domain", "text", false, BadRows.FAIL, 31, DomainNames.AS_FOUND);
      long before = bytesRead();
      try (RowReader reader = one.open(columns, ReadPattern.SPARSE, new Configuration())) {
        for (long row : new long[] {0, 1234, 1235, 4000}) {
          assertThat(reader.document("a", row, row).orElseThrow().text()).startsWith(row + " ");
        }
      }
      assertThat(bytesRead() - before).isLessThan(Files.size(file) / 3);
    }
  }

  @Test
  void noByteIsReadTwiceHoweverManyRowsAreDrawn() throws IOException {
    java.util.Random random = new java.util.Random(2);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      texts.add(random.nextLong() + " " + random.nextLong() + " " + random.nextLong());
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      rows.add(RowFactory.create("d" + i % 4, texts.get(random.nextInt(texts.size()))));
    }
    parquet(rows, TEXT, "dictionary", Map.of("parquet.page.row.count.limit", "50"));
    long size;
    try (java.util.stream.Stream<Path> files = Files.list(folder.resolve("dictionary"))) {
      size = files.mapToLong(file -> file.toFile().length()).sum();
    }
    Corpus corpus = open(config("dictionary"));
    corpus.domains();
    for (int step : new int[] {3, 61, 997}) {
      Map<String, long[]> drawn = new HashMap<>();
      for (String domain : corpus.domains().keySet()) {
        drawn.put(
            domain,
            java.util.stream.LongStream.range(0, 15_000 / step).map(i -> i * step).toArray());
      }
      long before = bytesRead();
      assertThat(read(corpus, drawn)).hasSize(4 * (15_000 / step));
      assertThat(bytesRead() - before).as("every %d-th", step).isLessThan(size + size / 10);
    }
  }

  @Test
  void everyRowOfManyFilesIsFoundOnce() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(RowFactory.create("d" + i % 4, "document " + i));
    }
    TestSpark.session()
        .createDataFrame(rows, TEXT)
        .repartition(5)
        .write()
        .parquet(folder + "/many");
    Corpus corpus = open(config("many"));
    List<String> found = new ArrayList<>();
    corpus
        .domains()
        .forEach(
            (domain, files) ->
                read(corpus, Map.of(domain, range(files.rows())))
                    .forEach(read -> found.add(read.domain() + " " + read.content())));
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            rows.stream().map(r -> r.getString(0) + " " + r.getString(1)).toList());
  }

  @Test
  void aDomainCanBeThePartitionFolder() {
    TestSpark.session()
        .createDataFrame(
            List.of(RowFactory.create("a b", "one"), RowFactory.create("c", "two")), TEXT)
        .write()
        .partitionBy("domain")
        .parquet(folder + "/partitioned");
    Corpus corpus = open(config("partitioned"));
    assertThat(corpus.domains().keySet()).containsExactly("a b", "c");
    assertThat(read(corpus, Map.of("c", new long[] {0})))
        .extracting(Read::content)
        .containsExactly("two");
  }

  @Test
  void aDomainCanHaveAPathOfItsOwn() throws IOException {
    write("x.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");
    write("y.jsonl", "{\"text\": \"three\"}\n");
    Corpus corpus =
        open(domains(Map.of("arxiv", List.of(path("x.jsonl")), "wiki", List.of(path("y.jsonl")))));
    assertThat(corpus.domains().get("arxiv").rows()).isEqualTo(2);
    assertThat(corpus.domains().get("wiki").rows()).isEqualTo(1);
    assertThat(corpus.domains().get("wiki").bytes()).isEqualTo(18);
    assertThat(corpus.domains().get("wiki").sources().get(0).shared()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"array<int>", "array<bigint>"})
  void documentsCanBeTokenIds(String type) {
    TestSpark.session()
        .sql(
            "select 'a' domain, cast(array(5, 6, 7) as "
                + type
                + ") ids union all select 'a', array(8)")
        .coalesce(1)
        .write()
        .parquet(folder + "/ids");
    Corpus corpus =
        open(
            new CorpusConfig(
                List.of(path("ids")),
                Map.of(),
                "domain",
                "text",
                Optional.of("ids"),
                BadRows.FAIL,
                31,
                HeldOutConfig.OFF,
                List.of(),
                Map.of()));
    assertThat(corpus.holdsTokens()).isTrue();
    assertThat(read(corpus, Map.of("a", new long[] {0, 1})))
        .extracting(Read::content)
        .containsExactly("[5, 6, 7]", "[8]");
  }
}
