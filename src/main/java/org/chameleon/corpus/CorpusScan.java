package org.chameleon.corpus;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * One pass over the drawn documents of a split, forwards, and over those that follow them as long
 * as the visitor asks for more. Nothing else of the content is read.
 */
final class CorpusScan {
  private final SplitDraw draw;
  private final CorpusSplit split;
  private final RowReader reader;
  private final DocumentVisitor visitor;

  private CorpusScan(SplitDraw draw, RowReader reader, DocumentVisitor visitor) {
    this.draw = draw;
    this.split = draw.split();
    this.reader = reader;
    this.visitor = visitor;
  }

  static void scan(SplitDraw draw, Columns columns, Configuration hadoop, DocumentVisitor visitor) {
    try (RowReader reader = draw.split().open(columns, draw.pattern(), hadoop)) {
      reader.expect(draw);
      Map<String, Integer> drawn = new HashMap<>();
      draw.ordinals().forEach((domain, ordinals) -> drawn.put(domain, ordinals.length));
      visitor.begin(drawn);
      CorpusScan scan = new CorpusScan(draw, reader, visitor);
      if (draw.split().file().mixed()) {
        scan.mixed();
      } else {
        scan.single();
      }
    }
    visitor.endOfScan();
  }

  private void single() {
    String domain = split.file().domain();
    long first = draw.firstOrdinal().get(domain);
    long[] drawn = draw.ordinals().get(domain);
    long row = split.firstRow();
    int next = 0;
    while (true) {
      if (!visitor.wantsMore(domain)) {
        if (next == drawn.length) {
          return;
        }
        row = split.firstRow() + drawn[next] - first;
      }
      if (!reader.has(row)) {
        return;
      }
      long ordinal = first + row - split.firstRow();
      boolean isDrawn = next < drawn.length && drawn[next] == ordinal;
      next += isDrawn ? 1 : 0;
      reader.document(domain, ordinal, row).ifPresent(d -> visitor.visit(d, isDrawn));
      row++;
    }
  }

  private void mixed() {
    Map<String, Long> ordinals = new HashMap<>(draw.firstOrdinal());
    long left = draw.documents();
    for (long row = split.firstRow(); reader.has(row); row++) {
      if (left == 0 && !visitor.wantsMore()) {
        return;
      }
      String domain = reader.domain(row);
      if (domain == null) {
        continue;
      }
      // Beyond the split, the number is known for the domains that the split has.
      long ordinal = ordinals.containsKey(domain) ? ordinals.merge(domain, 1L, Long::sum) - 1 : -1;
      boolean isDrawn = draw.has(domain, ordinal);
      left -= isDrawn ? 1 : 0;
      if (isDrawn || visitor.wantsMore(domain)) {
        reader.document(domain, ordinal, row).ifPresent(d -> visitor.visit(d, isDrawn));
      }
    }
  }
}
