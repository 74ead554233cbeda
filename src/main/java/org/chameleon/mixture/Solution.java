package org.chameleon.mixture;

import java.util.Arrays;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;

/**
 * The weights of one setting, and all that they come from.
 *
 * @param units what the scores are of
 * @param affinity of the units
 * @param scores of the units
 * @param exact weights of the units, by their scores alone
 * @param ofUnits weights of the units; those that are reused keep their proportions
 * @param shares of each domain in the weight of its unit
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
record Solution(
    Units units,
    DenseMatrix affinity,
    LeverageScores scores,
    Weights exact,
    Weights ofUnits,
    double[] shares) {

  /**
   * Solves for one setting.
   *
   * @param noise of the units under that setting; used where it asks for weights without bias
   */
  static Solution of(Units units, MixtureConfig config, SamplingNoise noise) {
    return of(units, config, noise.scores());
  }

  /** Solves for one setting. */
  static Solution of(Units units, MixtureConfig config) {
    return of(
        units, config, config.debias() ? SamplingNoise.of(units.all(), config).scores() : null);
  }

  private static Solution of(Units units, MixtureConfig config, LeverageScores debiased) {
    DenseMatrix affinity = Affinity.of(units.means());
    LeverageScores scores =
        config.debias() ? debiased : LeverageScores.of(affinity, config.lambda(affinity));
    return of(units, affinity, scores, config);
  }

  /** Solves for another setting of the same units; what does not depend on it is not done again. */
  Solution under(MixtureConfig other) {
    if (other.debias()) {
      return of(units, other);
    }
    double lambda = other.lambda(affinity);
    boolean same = lambda == scores.lambda();
    return of(units, affinity, same ? scores : LeverageScores.of(affinity, lambda), other);
  }

  private static Solution of(
      Units units, DenseMatrix affinity, LeverageScores scores, MixtureConfig config) {
    Weights exact = Weights.of(config.entering(scores), config);
    Weights kept = exact.with(Reuse.of(units.names(), config));
    return new Solution(units, affinity, scores, exact, kept, units.shares(config));
  }

  /** Returns the same without what only pairs tell. */
  Solved solved(DomainEmbeddings embeddings) {
    return new Solved(
        embeddings.names(),
        embeddings.domains().stream().mapToLong(DomainEmbedding::samples).toArray(),
        units.unit(),
        units.names(),
        units.all().stream().map(u -> u.isFamily() ? u.name() : null).toArray(String[]::new),
        units.all().stream().mapToLong(Units.Unit::samples).toArray(),
        units.means().get(0).length,
        Affinity.trace(affinity),
        scores,
        exact,
        ofUnits,
        shares);
  }

  /** Returns the weights of the domains. */
  double[] weights() {
    double[] weights = new double[shares.length];
    Arrays.setAll(weights, i -> shares[i] * ofUnits.values()[units.unit()[i]]);
    return weights;
  }
}
