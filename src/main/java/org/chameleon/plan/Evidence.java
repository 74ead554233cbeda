package org.chameleon.plan;

import java.util.Locale;

/**
 * What small models, trained under the planned mixture and under its baselines, say of it. Numbers
 * are differences of the mean over domains, in bits per byte: less than 0 is better.
 *
 * @param mixture name of the one that is planned
 * @param verdict on it
 * @param against the baseline that it was compared with: the better one, or the other where it is
 *     that itself; null where there is nothing to compare
 * @param difference to the baseline, null where there is none
 * @param low lower end of its interval, corrected for the number of candidates
 * @param high upper end
 * @param recommended name of the mixture that the evaluation recommends
 */
public record Evidence(
    String mixture,
    Verdict verdict,
    String against,
    Double difference,
    Double low,
    Double high,
    String recommended) {

  /** Returns whether the planned mixture is the recommended one. */
  public boolean plansRecommended() {
    return mixture.equals(recommended);
  }

  /** Returns whether nothing that was found speaks for another mixture. */
  public boolean supports() {
    return plansRecommended() || verdict == Verdict.BETTER;
  }

  /** Returns the verdict as half a sentence, with its numbers where there are some. */
  public String inWords() {
    if (against == null) {
      return "compared with no other mixture";
    }
    String numbers =
        difference == null
            ? ""
            : String.format(
                Locale.ROOT,
                " (%+.4f bits per byte%s)",
                difference,
                low == null || high == null
                    ? ""
                    : String.format(Locale.ROOT, ", %+.4f to %+.4f", low, high));
    return verdict.inWords() + " " + against + numbers;
  }
}
