package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.config.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {
  private static final StructType TEXT =
      new StructType().add("domain", DataTypes.StringType).add("text", DataTypes.StringType);

  @TempDir private Path folder;

  /** A document as a test looks at it. */
  private record Read(String domain, long ordinal, String content, long row)
      implements Serializable {}

  /** Keeps what it is shown. */
  private static final class Keeper implements DocumentVisitor {
    private final List<Read> read = new ArrayList<>();

    @Override
    public void visit(Document document, boolean drawn) {
      String content =
          document.text() != null ? document.text() : java.util.Arrays.toString(document.tokens());
      read.add(new Read(document.domain(), document.ordinal(), content, document.row()));
    }
  }

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
      CorpusFile one = new CorpusFile(file.toString(), Files.size(file), 0, "a");
      Columns columns = new Columns("domain", "text", false, BadRows.FAIL);
      long before = bytesRead();
      try (RowReader reader = one.open(columns, ReadPattern.SPARSE, new Configuration())) {
        for (long row : new long[] {0, 1234, 1235, 4000}) {
          assertThat(reader.document("a", row, row).orElseThrow().text()).startsWith(row + " ");
        }
      }
      assertThat(bytesRead() - before).isLessThan(Files.size(file) / 3);
    }
  }

  private static long bytesRead() {
    return org.apache.hadoop.fs.FileSystem.getGlobalStorageStatistics()
        .get("file")
        .getLong("bytesRead");
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
                BadRows.FAIL));
    assertThat(corpus.holdsTokens()).isTrue();
    assertThat(read(corpus, Map.of("a", new long[] {0, 1})))
        .extracting(Read::content)
        .containsExactly("[5, 6, 7]", "[8]");
  }

  @Test
  void aPathWhereNothingIsIsRefused() {
    assertThatThrownBy(() -> open(config("nowhere/*.parquet")))
        .hasMessage(
            "Cannot find corpus.path: nothing is at file:"
                + folder
                + "/nowhere/*.parquet. Correct the path, or remove it.");
    assertThatThrownBy(() -> open(domains(Map.of("wiki", List.of(path("no"))))))
        .hasMessageContaining("Cannot find domain 'wiki': nothing is at");
  }

  @Test
  void anEmptyCorpusIsRefused() throws IOException {
    write("empty.jsonl", "\n");
    assertThatThrownBy(() -> open(config("empty.jsonl")).domains())
        .hasMessageContaining("Cannot use an empty corpus: no rows in 1 file(s)");
    assertThatThrownBy(() -> open(domains(Map.of("wiki", List.of(path("empty.jsonl"))))).domains())
        .hasMessage(
            "Cannot use domain 'wiki': its files have no rows. Add data or remove the domain.");
  }

  @Test
  void aMissingColumnIsRefusedWithThoseThatAreThere() throws IOException {
    write("other.jsonl", "{\"body\": \"one\", \"domain\": \"a\"}\n");
    assertRefused(config("other.jsonl"), "no column 'text', it has [body, domain]");
    parquet(List.of(RowFactory.create("a", "one")), TEXT, "columns", Map.of());
    CorpusConfig other =
        new CorpusConfig(
            List.of(path("columns")), Map.of(), "source", "text", Optional.empty(), BadRows.FAIL);
    assertRefused(other, "no column 'source', it has [domain, text]");
  }

  @Test
  void aColumnOfAnotherTypeIsRefused() {
    StructType numbers =
        new StructType().add("domain", DataTypes.StringType).add("text", DataTypes.LongType);
    parquet(List.of(RowFactory.create("a", 1L)), numbers, "numbers", Map.of());
    assertRefused(config("numbers"), "column 'text' must be a string, is 'optional int64 text'");
    CorpusConfig tokens =
        new CorpusConfig(
            List.of(path("numbers")), Map.of(), "domain", "x", Optional.of("text"), BadRows.FAIL);
    assertRefused(tokens, "column 'text' must be a list of whole numbers");
  }

  @Test
  void nullAndEmptyTextIsRefusedUnlessItIsToBeSkipped() throws IOException {
    write(
        "bad.jsonl",
        "{\"text\": \"\", \"domain\": \"a\"}\n{\"text\": null, \"domain\": \"a\"}\n{\"text\": \"good\", \"domain\": \"a\"}\n");
    assertUnreadable(
        config("bad.jsonl"),
        0,
        "Cannot use row 0 of file:"
            + folder
            + "/bad.jsonl: column 'text' is empty. Filter such rows out, or set corpus.bad-rows = skip.");
    assertUnreadable(config("bad.jsonl"), 1, "column 'text' is null");
    CorpusConfig skip =
        new CorpusConfig(
            List.of(path("bad.jsonl")), Map.of(), "domain", "text", Optional.empty(), BadRows.SKIP);
    assertThat(read(open(skip), Map.of("a", new long[] {0, 1, 2})))
        .extracting(Read::content)
        .containsExactly("good");
    parquet(
        List.of(RowFactory.create("a", null), RowFactory.create("a", "")), TEXT, "bad", Map.of());
    assertUnreadable(config("bad"), 0, "column 'text' is null");
    assertUnreadable(config("bad"), 1, "column 'text' is empty");
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    TestSpark.session()
        .sql("select 'a' domain, cast(unhex('6FFF6B') as string) text")
        .write()
        .parquet(folder + "/latin");
    assertUnreadable(config("latin"), 0, "column 'text' is not valid UTF-8");
    Files.write(
        folder.resolve("latin.jsonl"),
        "{\"text\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    assertUnreadable(domains(Map.of("a", List.of(path("latin.jsonl")))), 0, "not valid UTF-8");
  }

  @Test
  void aRowWithoutADomainIsRefused() {
    parquet(List.of(RowFactory.create(null, "one")), TEXT, "nobody", Map.of());
    assertRefused(config("nobody"), "Cannot tell the domain of row 0");
  }

  @Test
  void aLineThatIsNotJsonIsRefused() throws IOException {
    write("text.jsonl", "{\"text\": \"one\", \"domain\": \"a\"}\nplain text\n");
    assertRefused(
        config("text.jsonl"),
        "Cannot read row 1 of file:" + folder + "/text.jsonl: it is not JSON");
  }

  @Test
  void aFileThatIsNotParquetIsRefused() throws IOException {
    write("broken.parquet", "this is not a Parquet file");
    assertRefused(config("broken.parquet"), "Cannot read file:" + folder + "/broken.parquet");
  }

  private void assertRefused(CorpusConfig config, String message) {
    assertThatThrownBy(() -> open(config).domains())
        .satisfies(e -> assertThat(Failures.message(e)).contains(message));
  }

  private void assertUnreadable(CorpusConfig config, long ordinal, String message) {
    assertThatThrownBy(() -> read(open(config), Map.of("a", new long[] {ordinal})))
        .satisfies(e -> assertThat(Failures.message(e)).contains(message));
  }

  private static List<Read> read(Corpus corpus, Map<String, long[]> ordinals) {
    List<Read> read =
        new ArrayList<>(corpus.read(ordinals, Keeper::new, keeper -> keeper.read).collect());
    read.sort(Comparator.comparing(Read::domain).thenComparing(Read::ordinal));
    return read;
  }

  private static long[] range(long n) {
    return java.util.stream.LongStream.range(0, n).toArray();
  }

  private CorpusConfig config(String name) {
    return new CorpusConfig(
        List.of(path(name)), Map.of(), "domain", "text", Optional.empty(), BadRows.FAIL);
  }

  private CorpusConfig domains(Map<String, List<String>> domains) {
    return new CorpusConfig(List.of(), domains, "domain", "text", Optional.empty(), BadRows.FAIL);
  }

  private String path(String name) {
    return folder + "/" + name;
  }

  private static Corpus open(CorpusConfig config) {
    return Corpus.open(TestSpark.session(), config);
  }

  private void parquet(
      List<Row> rows, StructType schema, String name, Map<String, String> options) {
    TestSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .options(options)
        .parquet(path(name));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out =
            name.endsWith(".gz")
                ? new GZIPOutputStream(raw)
                : name.endsWith(".zst") ? new ZstdOutputStream(raw) : raw) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
