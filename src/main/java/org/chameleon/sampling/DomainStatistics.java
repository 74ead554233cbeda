package org.chameleon.sampling;

import java.util.List;
import org.chameleon.corpus.DomainFiles;

/**
 * What is known of a domain's size.
 *
 * @param name the domain
 * @param files number of files with rows of it
 * @param rows its documents
 * @param bytes its share of the files' sizes
 * @param tokens its tokens: rows times the mean of the documents read; exact if all were
 * @param tokensStandardError standard error of {@code tokens}, 0 if all documents were read
 * @param windows sampled windows
 * @param sources its files
 */
public record DomainStatistics(
    String name,
    int files,
    long rows,
    long bytes,
    long tokens,
    double tokensStandardError,
    long windows,
    List<DomainFiles.Source> sources) {

  /** Copies the list. */
  public DomainStatistics {
    sources = List.copyOf(sources);
  }
}
