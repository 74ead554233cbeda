package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.chameleon.plan.Verdict;

/** Chooses the mixture to train with: one that was shown to be better, else the better baseline. */
public final class Recommender {
  /** Models below this size are warned of. */
  static final long TRANSFERRING_PARAMETERS = 15_000_000;

  private static final Comparator<EvaluatedMixture> BY_MEAN =
      Comparator.comparingDouble(EvaluatedMixture::mean);

  private Recommender() {}

  /**
   * Returns the recommendation: of the mixtures that are better than the better baseline, the one
   * with the lowest mean; where there is none, that baseline, with the verdict of the best other.
   *
   * @param mixtures with the baselines among them
   * @param parameters weights of each model
   * @param inputs SHA-256 of what was evaluated, by name
   * @throws InvalidInputException if no trial of a baseline ended well
   */
  public static Recommendation recommend(
      List<EvaluatedMixture> mixtures, long parameters, SortedMap<String, String> inputs) {
    List<EvaluatedMixture> measured = mixtures.stream().filter(m -> m.mean() != null).toList();
    EvaluatedMixture baseline =
        measured.stream()
            .filter(Recommender::isBaseline)
            .min(BY_MEAN)
            .orElseThrow(Recommender::none);
    List<EvaluatedMixture> others =
        measured.stream().filter(m -> !m.name().equals(baseline.name())).toList();
    Optional<EvaluatedMixture> better =
        others.stream().filter(m -> verdict(m, baseline) == Verdict.BETTER).min(BY_MEAN);
    // A verdict on the other baseline says little: it is given only where there is nothing else.
    Optional<EvaluatedMixture> candidate =
        better
            .or(() -> others.stream().filter(m -> !isBaseline(m)).min(BY_MEAN))
            .or(() -> others.stream().min(BY_MEAN));
    EvaluatedMixture recommended = better.orElse(baseline);
    Optional<EvaluatedMixture.Comparison> comparison =
        candidate.map(other -> other.against().get(baseline.name()));
    return new Recommendation(
        Recommendation.SCHEMA_VERSION,
        recommended.name(),
        recommended.weights(),
        candidate.orElse(baseline).name(),
        comparison.map(EvaluatedMixture.Comparison::verdict).orElse(Verdict.NOT_SHOWN),
        baseline.name(),
        comparison.map(EvaluatedMixture.Comparison::difference).orElse(null),
        comparison.map(EvaluatedMixture.Comparison::low).orElse(null),
        comparison.map(EvaluatedMixture.Comparison::high).orElse(null),
        reasons(comparison, parameters),
        verdicts(mixtures, baseline),
        inputs);
  }

  private static SortedMap<String, Verdict> verdicts(
      List<EvaluatedMixture> mixtures, EvaluatedMixture baseline) {
    SortedMap<String, Verdict> verdicts = new TreeMap<>();
    mixtures.stream()
        .filter(mixture -> !mixture.name().equals(baseline.name()))
        .forEach(mixture -> verdicts.put(mixture.name(), verdict(mixture, baseline)));
    return verdicts;
  }

  private static List<String> reasons(
      Optional<EvaluatedMixture.Comparison> comparison, long parameters) {
    List<String> reasons =
        new ArrayList<>(
            comparison
                .map(EvaluatedMixture.Comparison::reasons)
                .orElse(List.of("No trial of another mixture ended well.")));
    if (parameters < TRANSFERRING_PARAMETERS) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "The models have %.2g million parameters: rankings at this size were seen to "
                  + "transfer poorly (Olmix reports a rank correlation with models of 1 billion of 0.73 at "
                  + "1 million parameters, 0.89 above 15 million), and averages transfer while "
                  + "single domains do not.",
              parameters / 1e6));
    }
    return reasons;
  }

  private static InvalidInputException none() {
    return new InvalidInputException(
        "Cannot recommend a mixture: no trial of uniform or proportional ended well. "
            + "See the errors of the trials in results.json.");
  }

  private static Verdict verdict(EvaluatedMixture mixture, EvaluatedMixture baseline) {
    return mixture.against().get(baseline.name()).verdict();
  }

  private static boolean isBaseline(EvaluatedMixture mixture) {
    return mixture.name().equals(Candidate.UNIFORM)
        || mixture.name().equals(Candidate.PROPORTIONAL);
  }
}
