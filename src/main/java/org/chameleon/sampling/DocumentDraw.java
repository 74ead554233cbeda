package org.chameleon.sampling;

import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.Corpus;

/** An even draw of documents from every domain. */
public final class DocumentDraw {
  private DocumentDraw() {}

  /**
   * Returns the numbers of at most {@code documents} documents of each domain, ascending.
   *
   * @param purpose a word that makes draws for different purposes independent
   */
  public static Map<String, long[]> of(Corpus corpus, long documents, long seed, String purpose) {
    Map<String, long[]> drawn = new TreeMap<>();
    corpus
        .domains()
        .forEach(
            (domain, files) ->
                drawn.put(
                    domain,
                    Draws.ordinals(Draws.seed(seed, purpose, domain), documents, files.rows())));
    return drawn;
  }
}
