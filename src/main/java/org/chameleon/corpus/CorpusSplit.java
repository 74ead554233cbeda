package org.chameleon.corpus;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stretch of rows of one file that a task reads on its own: a row group, or a whole JSON file.
 *
 * @param file the file
 * @param firstRow the first row
 * @param rows the number of rows, those without a domain among them
 * @param domainRows how many of them belong to each domain
 * @param paged whether a part of the rows can be read without the others
 * @param hasContent whether any of the rows that were looked at has the field of the content
 */
record CorpusSplit(
    CorpusFile file,
    long firstRow,
    long rows,
    Map<String, Long> domainRows,
    boolean paged,
    boolean hasContent)
    implements Serializable {

  CorpusSplit {
    domainRows = new TreeMap<>(domainRows);
  }

  /** Returns how many rows belong to no domain. */
  long rowsWithoutDomain() {
    return rows - domainRows.values().stream().mapToLong(Long::longValue).sum();
  }
}
