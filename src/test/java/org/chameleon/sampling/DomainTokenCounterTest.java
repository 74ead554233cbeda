package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.TestSpark;
import org.chameleon.corpus.Corpus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DomainTokenCounterTest extends SamplerFixture {
  private final DomainTokenCounter counter = new DomainTokenCounter(TestSpark.session(), "");

  @BeforeEach
  void files() throws IOException {
    // 2 + 3 tokens of a, 4 of b; then 5 of a, 6 of b, 7 of c.
    lines("first", "a 1 1\na 1 1 1\nb 1 1 1 1\n");
    lines("second", "a 1 1 1 1 1\nb 1 1 1 1 1 1\nc 1 1 1 1 1 1 1\n");
  }

  private void lines(String name, String documents) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String document : documents.lines().toList()) {
      String ids = document.substring(2).replace(' ', ',');
      lines.append("{\"domain\": \"%s\", \"tokens\": [%s]}%n".formatted(document.charAt(0), ids));
    }
    Files.writeString(folder.resolve(name + ".jsonl"), lines);
  }

  private Corpus corpus(String glob) {
    return ofTokens(folder.resolve(glob), true);
  }

  private static Map<String, Long> tokens(List<DomainSize> sizes) {
    Map<String, Long> tokens = new TreeMap<>();
    sizes.forEach(size -> tokens.put(size.name(), size.tokens()));
    return tokens;
  }

  private static DomainSize more(DomainSize size) {
    return new DomainSize(
        size.name(),
        size.files(),
        size.rows(),
        size.bytes(),
        size.documents(),
        size.unusableDocuments(),
        size.repairedDocuments(),
        size.tokens() + 100,
        0,
        null,
        size.sources());
  }

  @Test
  void allDocumentsAreCounted() {
    assertThat(tokens(counter.count(corpus("*.jsonl"), List.of())))
        .isEqualTo(Map.of("a", 10L, "b", 10L, "c", 7L));
  }

  @Test
  void documentsOfFilesThatWereCountedAreNotReadAgain() {
    List<DomainSize> before = counter.count(corpus("first.jsonl"), List.of());
    List<DomainSize> otherwise = before.stream().map(DomainTokenCounterTest::more).toList();
    List<DomainSize> now = counter.count(corpus("*.jsonl"), otherwise);
    assertThat(tokens(now)).isEqualTo(Map.of("a", 110L, "b", 110L, "c", 7L));
    assertThat(now.get(0).documents()).isEqualTo(3);
    assertThat(counter.count(corpus("*.jsonl"), before))
        .isEqualTo(counter.count(corpus("*.jsonl"), List.of()));
  }
}
