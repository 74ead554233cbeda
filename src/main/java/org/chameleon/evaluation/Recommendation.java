package org.chameleon.evaluation;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.plan.Verdict;

/**
 * The content of {@code evaluation/recommendation.json}: which mixture to train with, and why.
 *
 * @param schemaVersion version of this layout
 * @param mixture name of the recommended mixture
 * @param weights its shares of training tokens by domain
 * @param candidate the mixture that the verdict is of: the recommended one, or, where a baseline is
 *     recommended, the best of the others
 * @param verdict of the candidate
 * @param against the better baseline, which it was held against
 * @param difference of the candidate's mean bits per byte to it
 * @param low lower end of the corrected interval
 * @param high upper end
 * @param reasons sentences that led to it
 * @param verdicts of every mixture against the better baseline, by name
 * @param inputs SHA-256 of what was evaluated, by name
 */
public record Recommendation(
    int schemaVersion,
    String mixture,
    SortedMap<String, Double> weights,
    String candidate,
    Verdict verdict,
    String against,
    Double difference,
    Double low,
    Double high,
    List<String> reasons,
    SortedMap<String, Verdict> verdicts,
    SortedMap<String, String> inputs) {
  /** The version of the layout that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** Copies the collections. */
  public Recommendation {
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    reasons = List.copyOf(reasons);
    verdicts = Collections.unmodifiableSortedMap(new TreeMap<>(verdicts));
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
  }
}
