package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.junit.jupiter.api.Test;

/** What a corpus that cannot be read says. */
class CorpusRefusalTest extends CorpusFixture {

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
  void aDomainWhoseFilesBecameEmptyIsRefusedThoughAnotherIsKnown() throws IOException {
    write("a.jsonl", "{\"text\": \"one\"}\n");
    write("b.jsonl", "{\"text\": \"two\"}\n");
    Map<String, List<String>> files =
        new TreeMap<>(Map.of("a", List.of(path("a.jsonl")), "b", List.of(path("b.jsonl"))));
    KnownDomains before = known(open(domains(files)));
    write("empty.jsonl", "\n");
    files.put("a", List.of(path("a.jsonl"), path("empty.jsonl")));
    assertThat(open(domains(files)).without(before).known()).containsExactly("a", "b");
    write("b.jsonl", "\n");
    assertThatThrownBy(() -> open(domains(files)).without(before))
        .hasMessage(
            "Cannot use domain 'b': its files have no rows. Add data or remove the domain.");
  }

  private static KnownDomains known(Corpus corpus) {
    SortedMap<String, KnownDomains.Known> known = new TreeMap<>();
    corpus
        .domains()
        .forEach(
            (name, files) ->
                known.put(
                    name,
                    new KnownDomains.Known(files.sources(), corpus.identity(files.sources()))));
    return new KnownDomains(known, corpus.names());
  }

  @Test
  void aMissingColumnIsRefusedWithThoseThatAreThere() throws IOException {
    write("other.jsonl", "{\"body\": \"one\", \"domain\": \"a\"}\n");
    assertRefused(config("other.jsonl"), "no column 'text', it has [body, domain]");
    parquet(List.of(RowFactory.create("a", "one")), TEXT, "columns", Map.of());
    CorpusConfig other =
        new CorpusConfig(
            List.of(path("columns")),
            Map.of(),
            "source",
            "text",
            Optional.empty(),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF,
            List.of(),
            Map.of());
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
            List.of(path("numbers")),
            Map.of(),
            "domain",
            "x",
            Optional.of("text"),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF,
            List.of(),
            Map.of());
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
            List.of(path("bad.jsonl")),
            Map.of(),
            "domain",
            "text",
            Optional.empty(),
            BadRows.SKIP,
            31,
            HeldOutConfig.OFF,
            List.of(),
            Map.of());
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
}
