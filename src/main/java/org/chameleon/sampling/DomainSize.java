package org.chameleon.sampling;

import java.util.List;
import org.chameleon.corpus.DomainFiles;

/**
 * What is known of a domain's size: what its files say, and what the documents read of it tell, in
 * the tokens of one tokenizer.
 *
 * @param name the domain
 * @param files number of files with rows of it
 * @param rows its documents
 * @param bytes its share of the files' sizes
 * @param documents how many of its documents were read
 * @param unusableDocuments how many of these have no usable text, and count as empty
 * @param repairedDocuments how many of these had halves of surrogate pairs in their text, which
 *     were replaced by U+FFFD
 * @param tokens its tokens: rows times the mean of the documents read; exact if all were
 * @param tokensStandardError standard error of {@code tokens}, 0 if all documents were read
 * @param windows sampled windows; null where none were drawn, but tokens counted
 * @param sources its files
 */
public record DomainSize(
    String name,
    int files,
    long rows,
    long bytes,
    long documents,
    long unusableDocuments,
    long repairedDocuments,
    long tokens,
    double tokensStandardError,
    Long windows,
    List<DomainFiles.Source> sources) {

  /** Refuses more documents than there are, and copies the list. */
  public DomainSize {
    if (documents > rows) {
      throw new IllegalArgumentException(
          "%d documents of '%s' were read, of %d".formatted(documents, name, rows));
    }
    sources = List.copyOf(sources);
  }

  /** Returns the size that the documents read tell; {@code windows} is null. */
  static DomainSize of(DomainFiles files, TokenSums read) {
    return new DomainSize(
        files.domain(),
        files.sources().size(),
        files.rows(),
        files.bytes(),
        read.documents(),
        read.unusable(),
        read.repaired(),
        read.tokensOf(files.rows()),
        read.standardErrorOf(files.rows()),
        null,
        files.sources());
  }

  /** Returns what its documents came to, all of which were read. */
  TokenSums sums() {
    return new TokenSums(documents - unusableDocuments, tokens, 0, 0, repairedDocuments);
  }

  /** Returns this size with a number of sampled windows. */
  DomainSize withWindows(long drawn) {
    return new DomainSize(
        name,
        files,
        rows,
        bytes,
        documents,
        unusableDocuments,
        repairedDocuments,
        tokens,
        tokensStandardError,
        drawn,
        sources);
  }

  /** Returns whether all its documents were read, so that {@code tokens} is exact. */
  public boolean wasReadWhole() {
    return documents == rows;
  }
}
