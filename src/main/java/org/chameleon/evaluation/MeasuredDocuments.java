package org.chameleon.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.sampling.HeldOut;

/** Documents that models are measured on. */
public final class MeasuredDocuments {
  /** Domain of the documents of a target. */
  public static final String TARGET = "target";

  private final Corpus corpus;
  private final HeldOut documents;
  private final String of;
  private final String remedy;

  private MeasuredDocuments(Corpus corpus, HeldOut documents, String of, String remedy) {
    this.corpus = corpus;
    this.documents = documents;
    this.of = of;
    this.remedy = remedy;
  }

  /** Returns those that are held out of a corpus. */
  public static MeasuredDocuments heldOut(Corpus corpus, HeldOut documents) {
    return new MeasuredDocuments(
        corpus,
        documents,
        "what is held out of",
        "Raise corpus.held-out.fraction and run again with --resume, or lower evaluation.model.context.");
  }

  /**
   * Returns those of a target: all, or as many in a random draw as hold so many tokens.
   *
   * @param corpus of one domain, {@link #TARGET}
   * @param most tokens to be measured on
   */
  public static MeasuredDocuments target(Corpus corpus, long most, long seed) {
    return new MeasuredDocuments(
        corpus,
        HeldOut.of(corpus, new HeldOutConfig(1, most), seed),
        "evaluation.target:",
        "Give it more documents, or lower evaluation.model.context.");
  }

  /** Returns the corpus that they are of. */
  Corpus corpus() {
    return corpus;
  }

  /** Returns which they are. */
  HeldOut documents() {
    return documents;
  }

  /**
   * Refuses domains that cannot be measured on.
   *
   * @param windows of each domain
   * @param least that are needed
   * @param context tokens of a window
   */
  void requireWindows(Map<String, Long> windows, int least, int context) {
    List<String> few =
        windows.entrySet().stream()
            .filter(domain -> domain.getValue() < least)
            .map(
                domain ->
                    String.format(
                        Locale.ROOT,
                        "'%s' (%d windows of %,d documents)",
                        domain.getKey(),
                        domain.getValue(),
                        corpus.domains().get(domain.getKey()).rows()))
            .toList();
    if (!few.isEmpty()) {
      throw new InvalidInputException(
          "Cannot measure on %s %s: %d windows of %d tokens are needed. %s"
              .formatted(of, String.join(", ", few), least, context, remedy));
    }
  }
}
