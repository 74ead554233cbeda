package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitDrawTest {
  private static final int DRAWN = 1000;

  @Test
  void partsHoldEveryDrawnDocumentOnce() {
    SplitDraw large = draw("large.parquet", 50_000_000, true, 100_000);
    SplitDraw small = draw("small.parquet", 1000, true, 100_000);
    List<SplitDraw> parts = evenly(2, large, small);
    List<Long> found = new ArrayList<>();
    for (SplitDraw part : parts) {
      if (part.split().file().path().startsWith("large")) {
        LongStream.of(part.ordinals().get("a")).forEach(found::add);
        assertThat(part.firstOrdinal()).isEqualTo(large.firstOrdinal());
      }
    }
    assertThat(found).containsExactlyElementsOf(LongStream.range(0, DRAWN).boxed().toList());
    assertThat(parts).hasSize(2);
    SplitDraw larger = draw("large.parquet", 5_000_000_000L, true, 100_000);
    assertThat(evenly(2, larger)).hasSize(16);
  }

  @Test
  void whatEachPartWouldReadWholeIsReadInOnePass() {
    SplitDraw lines = draw("large.jsonl", 5_000_000_000L, false, 100_000);
    SplitDraw withoutIndex = draw("large.parquet", 5_000_000_000L, false, 100_000);
    SplitDraw most = draw("large.parquet", 5_000_000_000L, true, 3000);
    for (SplitDraw draw : List.of(lines, withoutIndex, most)) {
      assertThat(evenly(4, draw)).hasSize(1);
    }
  }

  private static List<SplitDraw> evenly(int cores, SplitDraw... draws) {
    Map<CorpusFile, Long> rows = new HashMap<>();
    Stream.of(draws).forEach(draw -> rows.put(draw.split().file(), draw.split().rows()));
    return SplitDraw.evenly(List.of(draws), rows, new EvenTasks(cores));
  }

  private static SplitDraw draw(String path, long bytes, boolean paged, long rows) {
    CorpusFile file = new CorpusFile(path, bytes, 0, "a", FileFormat.of(path).orElseThrow());
    return new SplitDraw(
        new CorpusSplit(file, 0, rows, Map.of("a", rows), paged, true, 0),
        Map.of("a", 0L),
        Map.of("a", LongStream.range(0, DRAWN).toArray()));
  }
}
