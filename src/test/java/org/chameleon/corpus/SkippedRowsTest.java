package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where bad rows are skipped, a shard may have no others, but not a corpus. */
class SkippedRowsTest extends CorpusFixture {
  private static final String GOOD = "{\"source\": \"web\", \"text\": \"one\"}\n";
  private static final String WITHOUT_TEXT = "{\"source\": \"web\", \"other\": \"x\"}\n";
  private static final String WITHOUT_DOMAIN =
      "{\"source\": null, \"text\": \"nobody\"}\n{\"text\": \"nobody\"}\n";

  @BeforeEach
  void data() throws IOException {
    Files.createDirectory(folder.resolve("data"));
  }

  private CorpusConfig skipping(String path, String text) {
    return new CorpusConfig(
        List.of(path(path)),
        Map.of(),
        "source",
        text,
        Optional.empty(),
        BadRows.SKIP,
        31,
        HeldOutConfig.OFF,
        List.of(),
        Map.of());
  }

  private void withoutDomain(String name) {
    StructType schema =
        new StructType().add("source", DataTypes.StringType).add("text", DataTypes.StringType);
    parquet(List.of(RowFactory.create(null, "nobody")), schema, name, Map.of());
  }

  @Test
  void aShardWithoutAnyTextCountsBesideAGoodOne() throws IOException {
    write("data/a.jsonl", WITHOUT_TEXT.repeat(3));
    write("data/b.jsonl", GOOD);
    assertOnlyTheLastIsGood(4);
  }

  @Test
  void theTextMayComeLate() throws IOException {
    write("data/a.jsonl", WITHOUT_TEXT.repeat(1200) + GOOD);
    assertOnlyTheLastIsGood(1201);
  }

  private void assertOnlyTheLastIsGood(int rows) {
    Corpus corpus = open(skipping("data", "text"));
    assertThat(corpus.domains().get("web").rows()).isEqualTo(rows);
    assertThat(read(corpus, Map.of("web", range(rows))))
        .singleElement()
        .satisfies(read -> assertThat(read.ordinal()).isEqualTo(rows - 1))
        .satisfies(read -> assertThat(read.content()).isEqualTo("one"));
  }

  @Test
  void aColumnThatNoShardHasIsRefused() throws IOException {
    write("data/a.jsonl", WITHOUT_TEXT);
    write("data/b.jsonl", GOOD);
    assertRefused(skipping("data", "body"), "no column 'body', it has other fields in all rows");
  }

  @Test
  void aShardWithoutAnyDomainIsLeftOutBesideAGoodOne() throws IOException {
    write("data/a.jsonl", WITHOUT_DOMAIN);
    write("data/b.jsonl", GOOD);
    withoutDomain("data/c");
    Corpus corpus = open(skipping("data", "text"));
    assertThat(corpus.domains().keySet()).containsExactly("web");
    assertThat(corpus.domains().get("web").rows()).isEqualTo(1);
    assertThat(corpus.leftOut())
        .extracting(LeftOut::reason)
        .containsExactly("2 row(s) have no domain", "1 row(s) have no domain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/a.jsonl", "data/c", "data"})
  void aCorpusWithoutAnyDomainIsRefused(String path) throws IOException {
    write("data/a.jsonl", WITHOUT_DOMAIN);
    withoutDomain("data/c");
    assertRefused(
        skipping(path, "text"), "no row has a domain in 'source', nor has one of any other file.");
  }
}
