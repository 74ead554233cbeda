package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.chameleon.corpus.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a split keeps, against all windows that there are, in order. */
class WindowCutterTest {
  private static final long SEED = 5;

  @ParameterizedTest
  @CsvSource({
    "STREAM, TOKENS, 40, 60",
    "STREAM, DOCUMENTS, 40, 60",
    "DOCUMENT, TOKENS, 40, 60",
    "DOCUMENT, DOCUMENTS, 40, 60",
    "STREAM, TOKENS, 100000, 60",
    "STREAM, DOCUMENTS, 7000, 9000",
    "DOCUMENT, DOCUMENTS, 7000, 9000"
  })
  void theLowestWindowsAreKept(
      SampleConfig.Span span, SampleConfig.Unit unit, int wanted, int longest) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<int[]> documents = new ArrayList<>();
      for (int d = 0; d < 12; d++) {
        int length = d == 3 ? longest : 1 + random.nextInt(25);
        documents.add(random.ints(length, 0, 4).toArray());
      }
      SampleConfig config = new SampleConfig(wanted, 8, span, unit, true, 1);
      Map<String, WindowCutter.DomainDraw> draws =
          Map.of("a", new WindowCutter.DomainDraw(SEED, wanted, 0));
      WindowCutter cutter = new WindowCutter(config, draws, KeptOut.NONE, null);
      cutter.begin(Map.of("a", documents.size()));
      for (int d = 0; d < documents.size(); d++) {
        cutter.visit(new Document("a", d, "f", d, null, documents.get(d), false), true);
      }
      cutter.endOfScan();
      List<String> expected = expected(config, documents);
      WindowCutter.Cut cut = cutter.cuts().next();
      assertThat(cut.windows().stream().map(WindowCutterTest::shown).toList())
          .as("seed %d", seed)
          .isEqualTo(expected.subList(0, Math.min(wanted, expected.size())));
      if (cut.last() == null) {
        assertThat(expected.size()).isLessThanOrEqualTo(wanted);
      }
      cutter.close();
    }
  }

  /** Of many splits this is one, so most of its windows are none of those wanted. */
  @Test
  void whatFollowsADocumentIsReadForFewWindowsAndNoneThatIsWantedIsMissed() {
    SampleConfig config =
        new SampleConfig(50, 8, SampleConfig.Span.STREAM, SampleConfig.Unit.TOKENS, true, 1);
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<int[]> documents = new ArrayList<>();
      for (int d = 0; d < 400; d++) {
        documents.add(random.ints(1 + random.nextInt(60), 0, 1000).toArray());
      }
      WindowCutter cutter =
          new WindowCutter(
              config, Map.of("a", new WindowCutter.DomainDraw(SEED, 50, 4000)), KeptOut.NONE, null);
      cutter.begin(Map.of("a", documents.size()));
      int more = 0;
      for (int d = 0; d < documents.size(); d++) {
        cutter.visit(new Document("a", d, "f", d, null, documents.get(d), false), true);
        more += cutter.wantsMore("a") ? 1 : 0;
      }
      cutter.endOfScan();
      WindowCutter.Cut cut = cutter.cuts().next();
      List<String> kept =
          cut.windows().stream()
              .filter(w -> w.start().place().compareTo(cut.last()) < 0)
              .map(WindowCutterTest::shown)
              .toList();
      assertThat(kept).isEqualTo(expected(config, documents).subList(0, kept.size()));
      // A tenth of the documents are here, so 5 windows are its share.
      assertThat(kept).hasSizeGreaterThan(15);
      assertThat(more).isLessThan(120);
      cutter.close();
    }
  }

  private static String shown(CutWindow window) {
    CutWindow.Start start = window.start();
    return start.round()
        + " "
        + start.hash()
        + " "
        + start.ordinal()
        + " "
        + start.offset()
        + " "
        + Arrays.toString(window.ids());
  }

  private static List<String> expected(SampleConfig config, List<int[]> documents) {
    List<CutWindow> all = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      int[] ids = documents.get(d);
      long hash = Draws.mix(SEED ^ Draws.mix(d));
      List<Integer> offsets =
          IntStream.range(0, ids.length)
              .boxed()
              .sorted(Comparator.comparingLong(offset -> Draws.mix(hash + offset)))
              .toList();
      for (int round = 0; round < offsets.size(); round++) {
        int offset = offsets.get(round);
        boolean byDocument = config.unit() == SampleConfig.Unit.DOCUMENTS;
        CutWindow.Start start =
            new CutWindow.Start(
                byDocument ? round : 0,
                byDocument ? hash : Draws.mix(hash + offset),
                d,
                offset,
                "f",
                d);
        int[] window = window(config, documents, d, offset);
        if (window != null) {
          all.add(new CutWindow(start, CutWindow.Content.of(window, 0, window.length), window));
        }
      }
    }
    all.sort(Comparator.comparing(CutWindow::start));
    Set<String> seen = new HashSet<>();
    return all.stream()
        .filter(window -> seen.add(Arrays.toString(window.ids())))
        .map(WindowCutterTest::shown)
        .toList();
  }

  private static int[] window(
      SampleConfig config, List<int[]> documents, int document, int offset) {
    int[] ids = documents.get(document);
    int[] window = Arrays.copyOfRange(ids, offset, Math.min(ids.length, offset + 8));
    if (config.span() == SampleConfig.Span.DOCUMENT) {
      return window;
    }
    for (int next = document + 1; next < documents.size() && window.length < 8; next++) {
      int[] more = documents.get(next);
      int had = window.length;
      int taken = Math.min(more.length, 8 - had);
      window = Arrays.copyOf(window, had + taken);
      System.arraycopy(more, 0, window, had, taken);
    }
    return window.length == 8 ? window : null;
  }

  @Test
  void tokensThatAreManyLieInAFile() {
    try (WindowTokens tokens = new WindowTokens(5000)) {
      Random random = new Random(1);
      List<int[]> added = new ArrayList<>();
      List<Long> places = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        int[] ids = random.ints(1 + random.nextInt(60)).toArray();
        places.add(tokens.add(ids, 0, ids.length));
        added.add(ids);
        int earlier = random.nextInt(added.size());
        assertThat(tokens.get(places.get(earlier), added.get(earlier).length))
            .isEqualTo(added.get(earlier));
      }
      for (int i = 0; i < added.size(); i++) {
        assertThat(tokens.get(places.get(i), added.get(i).length)).isEqualTo(added.get(i));
      }
    }
  }
}
