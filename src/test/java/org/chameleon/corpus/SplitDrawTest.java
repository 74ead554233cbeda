package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitDrawTest {
  @Test
  void partsHoldEveryDrawnDocumentOnce() {
    SplitDraw large = draw("large.parquet", 50_000_000, 1000);
    SplitDraw small = draw("small.parquet", 1000, 50);
    List<SplitDraw> parts = SplitDraw.evenly(List.of(large, small), 2);
    List<Long> found = new ArrayList<>();
    for (SplitDraw part : parts) {
      if (part.split().file().path().startsWith("large")) {
        LongStream.of(part.ordinals().get("a")).forEach(found::add);
        assertThat(part.firstOrdinal()).isEqualTo(large.firstOrdinal());
      }
    }
    assertThat(found).containsExactlyElementsOf(LongStream.range(0, 1000).boxed().toList());
    assertThat(parts).hasSize(17);
  }

  @Test
  void jsonLinesAreReadInOnePass() {
    SplitDraw draw = draw("large.jsonl", 50_000_000, 1000);
    assertThat(SplitDraw.evenly(List.of(draw), 4)).hasSize(1);
  }

  private static SplitDraw draw(String path, long bytes, long rows) {
    CorpusFile file = new CorpusFile(path, bytes, 0, "a", FileFormat.of(path).orElseThrow());
    return new SplitDraw(
        new CorpusSplit(file, 0, rows, Map.of("a", rows)),
        Map.of("a", 0L),
        Map.of("a", LongStream.range(0, rows).toArray()));
  }
}
