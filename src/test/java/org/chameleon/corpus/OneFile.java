package org.chameleon.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        String domain = file.mixed() ? reader.domain(row) : file.domain();
        Document document = domain == null ? null : reader.document(domain, row, row).orElse(null);
        found.add(
            new Found(
                domain,
                row,
                document == null
                    ? null
                    : document.text() != null
                        ? document.text()
                        : Arrays.toString(document.tokens()),
                document != null && document.repaired()));
      }
    }
    return found;
  }

  List<String> contents() {
    return rows().stream().map(Found::content).toList();
  }
}
