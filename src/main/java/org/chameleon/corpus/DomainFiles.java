package org.chameleon.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that hold one domain.
 *
 * @param domain its name
 * @param rows its documents
 * @param bytes its share of the files' sizes: all of a file of its own, and of a shared file as
 *     much as it has of the rows
 * @param sources the files in the order of their paths
 */
public record DomainFiles(String domain, long rows, long bytes, List<Source> sources) {

  /**
   * One file with rows of the domain.
   *
   * @param path its URI
   * @param bytes the size of the whole file
   * @param rows the rows of the domain in it
   * @param shared whether other rows are in it too: of other domains, or of none
   */
  public record Source(String path, long bytes, long rows, boolean shared) {}

  /** Copies the list. */
  public DomainFiles {
    sources = List.copyOf(sources);
  }

  /** Returns the files and rows of each domain, by name, from the splits of all files. */
  static SortedMap<String, DomainFiles> byDomain(List<CorpusSplit> splits) {
    Map<CorpusFile, Long> fileRows = new HashMap<>();
    Map<CorpusFile, Set<String>> fileDomains = new HashMap<>();
    Set<CorpusFile> withOthers = new HashSet<>();
    SortedMap<String, Map<CorpusFile, Long>> rows = new TreeMap<>();
    for (CorpusSplit split : splits) {
      fileRows.merge(split.file(), split.rows(), Long::sum);
      if (split.rowsWithoutDomain() > 0) {
        withOthers.add(split.file());
      }
      fileDomains
          .computeIfAbsent(split.file(), f -> new HashSet<>())
          .addAll(split.domainRows().keySet());
      split
          .domainRows()
          .forEach(
              (domain, n) ->
                  rows.computeIfAbsent(
                          domain, d -> new TreeMap<>(Comparator.comparing(CorpusFile::path)))
                      .merge(split.file(), n, Long::sum));
    }
    SortedMap<String, DomainFiles> result = new TreeMap<>();
    rows.forEach(
        (domain, byFile) -> {
          List<Source> sources = new ArrayList<>();
          double bytes = 0;
          long total = 0;
          for (Map.Entry<CorpusFile, Long> entry : byFile.entrySet()) {
            CorpusFile file = entry.getKey();
            long n = entry.getValue();
            boolean shared = fileDomains.get(file).size() > 1 || withOthers.contains(file);
            sources.add(new Source(file.shownPath(), file.bytes(), n, shared));
            bytes += (double) file.bytes() * n / fileRows.get(file);
            total += n;
          }
          result.put(domain, new DomainFiles(domain, total, Math.round(bytes), sources));
        });
    return result;
  }
}
