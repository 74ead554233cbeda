package org.chameleon.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;

/** One file of a corpus, read from its first row to its last. */
record OneFile(CorpusFile file, Columns columns) {
  private static final Configuration HADOOP = new Configuration();

  /** What a row is: the content of a document, or null where there is none that is usable. */
  record Found(String domain, long row, String content, boolean repaired) {}

  static OneFile of(Path path) throws IOException {
    return of(path, "");
  }

  static OneFile of(Path path, String domain) throws IOException {
    FileFormat format = FileFormat.of(path.getFileName().toString()).orElseThrow();
    CorpusFile file =
        new CorpusFile(
            path.toUri().toString(),
            Files.size(path),
            Files.getLastModifiedTime(path).toMillis(),
            domain,
            format);
    return new OneFile(
        file, new Columns("domain", "text", false, BadRows.FAIL, 31, DomainNames.AS_FOUND));
  }

  OneFile skippingBadRows() {
    return new OneFile(
        file,
        new Columns(
            columns.domain(),
            columns.content(),
            columns.tokens(),
            BadRows.SKIP,
            columns.zstdWindowLog(),
            DomainNames.AS_FOUND));
  }

  OneFile withColumns(String domain, String content, boolean tokens) {
    return new OneFile(
        file,
        new Columns(
            domain,
            content,
            tokens,
            columns.badRows(),
            columns.zstdWindowLog(),
            DomainNames.AS_FOUND));
  }

  OneFile withZstdWindowLog(int log) {
    return new OneFile(
        file,
        new Columns(
            columns.domain(),
            columns.content(),
            columns.tokens(),
            columns.badRows(),
            log,
            DomainNames.AS_FOUND));
  }

  /** Returns the splits, as the first pass finds them. */
  List<CorpusSplit> splits() {
    try (RowReader reader = file.open(columns, ReadPattern.SPARSE, HADOOP)) {
      List<CorpusSplit> splits = new ArrayList<>();
      reader.splits().forEach(splits::add);
      return splits;
    }
  }

  /** Returns all rows, as the second pass finds them. */
  List<Found> rows() {
    List<Found> found = new ArrayList<>();
    try (RowReader reader = file.open(columns, ReadPattern.DENSE, HADOOP)) {
      for (long row = 0; reader.has(row); row++) {
        found.add(found(reader, file.mixed() ? reader.domain(row) : file.domain(), row));
      }
    }
    return found;
  }

  /**
   * Returns some documents of each domain, as a draw of them finds them: where the file has a page
   * index, no page is read but theirs.
   *
   * @param drawn takes the numbers that documents of a domain have in their split
   */
  List<Found> drawn(LongPredicate drawn) {
    List<Found> found = new ArrayList<>();
    for (CorpusSplit split : splits()) {
      Map<String, Long> first = new TreeMap<>();
      Map<String, long[]> ordinals = new TreeMap<>();
      split
          .domainRows()
          .forEach(
              (domain, rows) -> {
                first.put(domain, 0L);
                ordinals.put(domain, LongStream.range(0, rows).filter(drawn).toArray());
              });
      SplitDraw draw = new SplitDraw(split, first, ordinals);
      try (RowReader reader = file.open(columns, ReadPattern.SPARSE, HADOOP)) {
        reader.expect(draw);
        Map<String, Long> next = new HashMap<>();
        for (long row = split.firstRow(); row < split.firstRow() + split.rows(); row++) {
          String domain = file.mixed() ? reader.domain(row) : file.domain();
          if (domain != null && draw.has(domain, next.merge(domain, 1L, Long::sum) - 1)) {
            found.add(found(reader, domain, row));
          }
        }
      }
    }
    return found;
  }

  private static Found found(RowReader reader, String domain, long row) {
    Document document = domain == null ? null : reader.document(domain, row, row).orElse(null);
    return new Found(
        domain,
        row,
        document == null
            ? null
            : document.text() != null ? document.text() : Arrays.toString(document.tokens()),
        document != null && document.repaired());
  }

  List<String> contents() {
    return rows().stream().map(Found::content).toList();
  }
}
