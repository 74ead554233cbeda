package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plain file of JSON lines that is read in stretches: lines of all kinds, two domains. */
class JsonStretchesTest extends CorpusFixture {
  private static final int LINES = 3000;

  private final Map<String, List<Read>> expected = new TreeMap<>();

  @BeforeEach
  void file() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("\uFEFF");
    long row = 0;
    for (int line = 0; line < LINES; line++) {
      for (int object = line % 7 == 0 ? 2 : 1; object > 0; object--) {
        String domain = random.nextInt(3) == 0 ? "a" : "b";
        String content = row + " " + "wörter ".repeat(random.nextInt(1200));
        text.append("{\"domain\": \"%s\", \"text\": \"%s\"}".formatted(domain, content));
        List<Read> all = expected.computeIfAbsent(domain, d -> new ArrayList<>());
        all.add(new Read(domain, all.size(), content, row++));
      }
      text.append(List.of("\n", "\r\n", "\r", "\n \n", "\n\n\n").get(line % 5));
    }
    write("x.jsonl", text.toString());
    write("x.jsonl.gz", text.toString());
  }

  private static long[] some(int count, int each) {
    return java.util.stream.LongStream.range(0, count).filter(n -> n % each == each / 2).toArray();
  }

  private List<Read> expected(int each) {
    List<Read> all = new ArrayList<>();
    expected.forEach(
        (domain, documents) -> {
          for (long n : some(documents.size(), each)) {
            all.add(documents.get((int) n));
          }
        });
    return all;
  }

  private Map<String, long[]> drawn(int each) {
    Map<String, long[]> drawn = new TreeMap<>();
    expected.forEach((domain, documents) -> drawn.put(domain, some(documents.size(), each)));
    return drawn;
  }

  @Test
  void documentsAreThoseOfTheFileWhereverAStretchBegins() throws IOException {
    assertThat(Files.size(folder.resolve("x.jsonl"))).isGreaterThan(9L << 20);
    List<CorpusSplit> splits = OneFile.of(folder.resolve("x.jsonl")).splits();
    assertThat(splits).hasSizeBetween(3, 4);
    assertThat(OneFile.of(folder.resolve("x.jsonl.gz")).splits()).hasSize(1);
    for (String name : List.of("x.jsonl", "x.jsonl.gz")) {
      Corpus corpus = open(config(name));
      for (int each : new int[] {1, 9, 700}) {
        assertThat(read(corpus, drawn(each))).isEqualTo(expected(each));
      }
      assertThat(corpus.documents().count())
          .isEqualTo(expected.values().stream().mapToLong(List::size).sum());
    }
  }

  @Test
  void whatHasNoDrawnDocumentIsNotReadAgain() {
    Corpus corpus = open(config("x.jsonl"));
    corpus.domains();
    int last = expected.get("a").size() - 1;
    long before = bytesRead();
    assertThat(read(corpus, Map.of("a", new long[] {last})))
        .isEqualTo(expected.get("a").subList(last, last + 1));
    assertThat(bytesRead() - before).isLessThan(9L << 20);
  }
}
