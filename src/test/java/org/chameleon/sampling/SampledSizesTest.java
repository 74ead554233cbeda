package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;
import org.junit.jupiter.api.Test;

/** How many windows each domain gets, and what the documents read tell of its size. */
class SampledSizesTest extends SamplerFixture {

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
}
