package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * A stretch of rows of one file that a task reads on its own: a few row groups, a stretch of a
 * plain JSON file, or a compressed one as a whole.
 *
 * @param file the file
 * @param firstRow the first row
 * @param rows the number of rows, those without a domain among them
 * @param domainRows how many of them belong to each domain
 * @param paged whether a part of the rows can be read without the others
 * @param hasContent whether any of the rows that were looked at has the field of the content
 * @param offset of the first row in bytes, where the rows before need not be read; else 0
 */
record CorpusSplit(
    CorpusFile file,
    long firstRow,
    long rows,
    Map<String, Long> domainRows,
    boolean paged,
    boolean hasContent,
    long offset)
    implements Serializable {

  CorpusSplit {
    domainRows = new TreeMap<>(domainRows);
  }

  /** Opens its rows, and those that follow in the file. */
  RowReader open(Columns columns, ReadPattern contents, Configuration hadoop) {
    return offset == 0
        ? file.open(columns, contents, hadoop)
        : new JsonLinesReader(this, columns, hadoop);
  }

  /** Estimates its size in its file, whose rows are given. */
  double bytes(Map<CorpusFile, Long> rowsOfFiles) {
    return (double) file.bytes() * rows / rowsOfFiles.get(file);
  }

  /** Returns how many rows belong to no domain. */
  long rowsWithoutDomain() {
    return rows - domainRows.values().stream().mapToLong(Long::longValue).sum();
  }
}
