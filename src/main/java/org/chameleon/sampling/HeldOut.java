package org.chameleon.sampling;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.corpus.HeldOutConfig;

/**
 * The documents that are measured on, and that nothing is trained on or sampled from: of each
 * domain as many as a fraction of it, or as its tokens to be measured on need. Those of a domain
 * depend on the seed, its name, its rows and the size of its files, and on no other domain.
 *
 * <p>The cap in tokens becomes one in documents before any is read, so it is generous; what is too
 * much is left aside when the documents are measured on. A domain of fewer documents than one over
 * the fraction holds out none.
 */
public final class HeldOut implements KeptOut {
  private static final long serialVersionUID = 1L;

  /**
   * Bytes of a file for each token: what plain text has. Of compressed files that many bytes hold
   * more tokens, so that enough documents are held out of them too.
   */
  private static final double BYTES_PER_TOKEN = 4;

  /** Documents that are held out though fewer have enough tokens: one book is not a domain. */
  private static final long LEAST_DOCUMENTS = 100;

  private static final double ROUNDING = 1e-9;

  private final SortedMap<String, long[]> documents;

  private HeldOut(SortedMap<String, long[]> documents) {
    this.documents = new TreeMap<>(documents);
  }

  /** Returns the documents that a seed and a configuration hold out of a corpus. */
  public static HeldOut of(Corpus corpus, HeldOutConfig config, long seed) {
    SortedMap<String, long[]> documents = new TreeMap<>();
    corpus
        .domains()
        .forEach(
            (name, files) -> {
              long draw = Draws.seed(seed, "held out", name);
              documents.put(name, Draws.ordinals(draw, documents(files, config), files.rows()));
            });
    return new HeldOut(documents);
  }

  private static long documents(DomainFiles domain, HeldOutConfig config) {
    double bytesPerDocument = Math.max(1, (double) domain.bytes() / domain.rows());
    double needed = Math.ceil(config.maxTokens() * BYTES_PER_TOKEN / bytesPerDocument);
    long enough = Math.min(Math.max(LEAST_DOCUMENTS, (long) needed), config.maxTokens());
    // The fraction is a decimal number: 0.29 of 100 are 29.
    return Math.min((long) (config.fraction() * domain.rows() + ROUNDING), enough);
  }

  /** Returns the numbers of the documents of each domain, ascending; perhaps none of one. */
  public SortedMap<String, long[]> documents() {
    return Collections.unmodifiableSortedMap(documents);
  }

  @Override
  public boolean contains(String domain, long ordinal) {
    long[] numbers = documents.get(domain);
    return numbers != null && Arrays.binarySearch(numbers, ordinal) >= 0;
  }
}
