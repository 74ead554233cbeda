package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.chameleon.TestSpark;
import org.chameleon.TinyCorpus;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeldOutTest extends SamplerFixture {
  private static final long MANY = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    "0.02, 1000000, 20",
    "0.0199, 1000000, 19",
    "0.5, 1000000, 500",
    "0.5, 2000, 200", // as many documents of 40 bytes as 2000 tokens of 4 bytes need
    "0.5, 101, 100",
    "0.5, 30, 30", // no document has less than a token
    "0, 1000000, 0",
    "0.0009, 1000000, 0",
  })
  void aFractionIsHeldOutOrWhatIsEnoughToMeasureOn(double fraction, long tokens, int documents)
      throws IOException {
    HeldOut heldOut = HeldOut.of(lines(1000, "a"), new HeldOutConfig(fraction, tokens), 1);
    assertThat(heldOut.documents().get("a")).hasSize(documents).isSorted().doesNotHaveDuplicates();
    assertThat(LongStream.range(0, 1000).filter(i -> heldOut.contains("a", i)))
        .containsExactlyElementsOf(Arrays.stream(heldOut.documents().get("a")).boxed().toList());
    assertThat(heldOut.contains("b", 1)).isFalse();
  }

  @Test
  void aDomainTooSmallForTheFractionHoldsOutNone() throws IOException {
    assertThat(held(lines(49, "a"), 0.02).documents().get("a")).isEmpty();
    assertThat(held(lines(50, "a"), 0.02).documents().get("a")).hasSize(1);
    assertThat(held(lines(100, "a"), 0.29).documents().get("a")).hasSize(29); // not 28.99…
  }

  @Test
  void whatADomainHoldsOutDependsOnTheSeedAndOnNoOtherDomain() throws IOException {
    long[] alone = held(lines(300, "a"), 0.1).documents().get("a");
    Corpus both = lines(300, "a", "b");
    assertThat(held(both, 0.1).documents().get("a")).isEqualTo(alone);
    assertThat(held(both, 0.1).documents().get("b")).isNotEqualTo(alone);
    assertThat(HeldOut.of(both, new HeldOutConfig(0.1, MANY), 2).documents().get("a"))
        .isNotEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noWindowHasATokenOfAHeldOutDocument(boolean mixed) {
    Corpus corpus = ofTokens(idsOfDocuments(mixed), mixed);
    HeldOut heldOut = held(corpus, 0.3);
    WindowSampler sampler = sampler("", config(60, 24, Span.STREAM, Unit.TOKENS));
    for (String domain : corpus.domains().keySet()) {
      Set<Integer> held =
          Arrays.stream(heldOut.documents().get(domain))
              .mapToObj(ordinal -> (int) ordinal)
              .collect(Collectors.toSet());
      assertThat(held).hasSize(180);
      assertThat(seen(sampler, corpus, domain)).containsAnyElementsOf(held);
      assertThat(seen(sampler.withKeptOut(heldOut), corpus, domain))
          .doesNotContainAnyElementsOf(held)
          .hasSizeGreaterThan(150);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 100})
  void sizesAreThoseOfAllDocuments(int windows) {
    Path path = TinyCorpus.parquet(TinyCorpus.rows(400, 1), folder.resolve("c"), 2);
    Corpus corpus = corpusAt(path);
    WindowSampler sampler = sampler(TOKENIZER, config(windows, 16, Span.STREAM, Unit.TOKENS));
    List<DomainSize> all = sampler.sample(corpus).domains();
    assertThat(sampler.withKeptOut(held(corpus, 0.2)).sample(corpus).domains()).isEqualTo(all);
  }

  @Test
  void aDomainWithTooFewWindowsBesideThoseHeldOutIsRefused() throws IOException {
    Corpus corpus = lines(60, "a");
    WindowSampler sampler = sampler(TOKENIZER, config(55, 8, Span.DOCUMENT, Unit.DOCUMENTS));
    SampleConfig most = config(55, 8, Span.DOCUMENT, Unit.DOCUMENTS);
    assertThat(sampler.sample(corpus).count()).isEqualTo(most.windowsPerDomain());
    KeptOut nearlyAll = (domain, ordinal) -> ordinal > 0;
    assertThatThrownBy(() -> sampler.withKeptOut(nearlyAll).sample(corpus))
        .hasMessageContaining("Cannot sample domain 'a':")
        .hasMessageContaining("windows found, 55 needed. Lower sample.windows-per-domain");
  }

  private static Set<Integer> seen(WindowSampler sampler, Corpus corpus, String domain) {
    try (SampledWindows sampled = sampler.sample(corpus)) {
      return ordinalsSeen(
          new SampledWindows(
              sampled.windows().where(sampled.windows().col(Windows.DOMAIN).equalTo(domain)),
              sampled.domains(),
              List.of()));
    }
  }

  private static WindowSampler sampler(String tokenizer, SampleConfig config) {
    return new WindowSampler(
        TestSpark.session(), tokenizer, config, new WindowSampler.Seed(1, "test"));
  }

  private static HeldOut held(Corpus corpus, double fraction) {
    return HeldOut.of(corpus, new HeldOutConfig(fraction, MANY), 1);
  }

  /** A file of as many documents of each domain, 40 bytes each. */
  private Corpus lines(int documents, String... domains) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String domain : domains) {
      for (int i = 0; i < documents; i++) {
        lines.append("{\"domain\":\"%s\",\"text\":\"word %05d ends\"}%n".formatted(domain, i));
      }
    }
    assertThat(lines.length()).isEqualTo(40 * documents * domains.length);
    Path file = folder.resolve(String.join("", domains) + documents + ".jsonl");
    Files.writeString(file, lines);
    return corpusAt(file);
  }
}
