package org.chameleon.sampling;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.Corpus;

/** An even draw of documents from every domain. */
public final class DocumentDraw {
  private DocumentDraw() {}

  /**
   * Returns the numbers of at most {@code documents} documents of each domain, ascending: of those
   * drawn without regard to {@code keptOut} the ones that are not kept out.
   *
   * @param seed decides which
   */
  public static Map<String, long[]> of(
      Corpus corpus, long documents, WindowSampler.Seed seed, KeptOut keptOut) {
    Map<String, long[]> drawn = new TreeMap<>();
    corpus
        .domains()
        .forEach(
            (domain, files) -> {
              long draw = Draws.seed(seed.value(), seed.purpose(), domain);
              long[] numbers = Draws.ordinals(draw, documents, files.rows());
              drawn.put(domain, without(domain, numbers, keptOut));
            });
    return drawn;
  }

  private static long[] without(String domain, long[] numbers, KeptOut keptOut) {
    return Arrays.stream(numbers).filter(n -> !keptOut.contains(domain, n)).toArray();
  }
}
