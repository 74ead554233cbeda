package org.chameleon.sampling;

import java.util.List;
import org.chameleon.corpus.DomainFiles;

/**
 * The tokens of a domain, as one tokenizer cuts them.
 *
 * @param name the domain
 * @param rows its documents
 * @param documents how many of them were read
 * @param tokens its tokens: rows times the mean of the documents read
 * @param tokensStandardError standard error of {@code tokens}, 0 if all documents were read
 * @param sources its files
 */
public record DomainTokens(
    String name,
    long rows,
    long documents,
    long tokens,
    double tokensStandardError,
    List<DomainFiles.Source> sources) {

  /** Copies the list. */
  public DomainTokens {
    sources = List.copyOf(sources);
  }

  static DomainTokens of(DomainFiles files, TokenSums read) {
    return new DomainTokens(
        files.domain(),
        files.rows(),
        read.documents(),
        read.of(files.rows()),
        read.standardErrorOf(files.rows()),
        files.sources());
  }
}
