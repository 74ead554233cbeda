package org.chameleon.corpus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.config.Range;

/**
 * Where the documents are and how they are split into domains.
 *
 * @param path files, folders or globs whose domain stands in a column or in the folder {@code
 *     <domainColumn>=<name>}; empty when {@code domains} is given
 * @param domains files, folders or globs of each domain, by its name; empty when {@code path} is
 *     given
 * @param domainColumn the column, or partition folder, that names the domain
 * @param textColumn the column of the documents' text, when {@code tokensColumn} is unset
 * @param tokensColumn the column of the documents' token ids in the proxy's vocabulary
 * @param badRows what happens to rows without usable text
 * @param zstdWindowLog largest window of Zstandard files, a power of two: bytes that a task needs
 * @param heldOut documents that are kept out of training and sampling
 */
public record CorpusConfig(
    List<String> path,
    Map<String, List<String>> domains,
    String domainColumn,
    String textColumn,
    Optional<String> tokensColumn,
    BadRows badRows,
    @Range(min = 10, max = 31) int zstdWindowLog,
    HeldOutConfig heldOut) {

  /** Refuses a corpus that is given twice. */
  public CorpusConfig {
    path = List.copyOf(path);
    domains = Map.copyOf(domains);
    if (!path.isEmpty() && !domains.isEmpty()) {
      throw new IllegalArgumentException(
          "has both 'path' and 'domains'; give one: files with a domain column, or a path for each"
              + " domain.");
    }
    if (domains.containsKey("")) {
      throw new IllegalArgumentException("domains has an empty name; name every domain.");
    }
  }

  /** Returns documents of the same form elsewhere, as one domain; none of them is held out. */
  public CorpusConfig only(String domain, String elsewhere) {
    return new CorpusConfig(
        List.of(),
        Map.of(domain, List.of(elsewhere)),
        domainColumn,
        textColumn,
        tokensColumn,
        badRows,
        zstdWindowLog,
        HeldOutConfig.OFF);
  }

  /** Returns whether any corpus is given at all. */
  public boolean given() {
    return !path.isEmpty() || !domains.isEmpty();
  }

  /** Returns what decides which documents there are; some of them may be held out. */
  public List<Object> inputs() {
    return List.of(path, domains, domainColumn, textColumn, tokensColumn, badRows);
  }

  /** Returns the columns that readers need. */
  Columns columns() {
    return new Columns(
        domainColumn,
        tokensColumn.orElse(textColumn),
        tokensColumn.isPresent(),
        badRows,
        zstdWindowLog);
  }
}
