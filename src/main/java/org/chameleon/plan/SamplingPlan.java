package org.chameleon.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.chameleon.corpus.CorpusTable;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.sampling.DomainSize;

/**
 * How many tokens of each domain a training run takes: the content of {@code plan/manifest.json}.
 *
 * @param schemaVersion version of this layout
 * @param unit what weights are shares of: {@code tokens}
 * @param targetTokens training budget; the domains' tokens add up to it. Null where neither it nor
 *     the corpus's size is known
 * @param sequenceLength tokens of a training sequence
 * @param seed of the run, for trainers that draw
 * @param tokenizerSha256 SHA-256 of the {@code tokenizer.json} whose tokens these are, null where
 *     the corpus holds token ids or sizes were made elsewhere
 * @param domains ordered by name
 * @param tables that the domains' files belong to, at the version that was read
 * @param dropped domains that get not one token
 * @param evidence what trained models say of this mixture, null where it was not evaluated
 * @param warnings what the reader should know
 */
public record SamplingPlan(
    int schemaVersion,
    String unit,
    Long targetTokens,
    int sequenceLength,
    long seed,
    String tokenizerSha256,
    List<Domain> domains,
    List<CorpusTable> tables,
    List<String> dropped,
    Evidence evidence,
    List<Warning> warnings) {

  static final int SCHEMA_VERSION = 1;

  /**
   * One domain of a plan.
   *
   * @param name the domain
   * @param weight its share of the training tokens; all sum to 1 as printed
   * @param computedWeight its weight in the mixture
   * @param changes what led from the one to the other, in order; empty if nothing did
   * @param tokens its training tokens, null where there is no budget
   * @param epochs passes over its data, null where its size is not known
   * @param availableTokens its tokens, null where not known
   * @param availableTokensStandardError standard error of {@code availableTokens}; 0 where counted
   *     or given
   * @param counted where {@code availableTokens} comes from
   * @param availableRows its documents, null where not known
   * @param rowProbability for trainers that draw documents: the chance of one to be of this domain,
   *     so that its share of the tokens is {@code weight}; null where sizes are not known
   * @param capped whether it gets less than the mixture asked for, because of the limit on epochs
   * @param sources its files
   */
  public record Domain(
      String name,
      double weight,
      double computedWeight,
      List<Change> changes,
      Long tokens,
      Double epochs,
      Long availableTokens,
      Double availableTokensStandardError,
      TokenOrigin counted,
      Long availableRows,
      Double rowProbability,
      boolean capped,
      List<DomainFiles.Source> sources) {

    /** Copies the lists. */
    public Domain {
      changes = List.copyOf(changes);
      sources = List.copyOf(sources);
    }

    /** Returns whether a trainer is to draw from this domain. */
    boolean isDrawn() {
      return weight > 0 && (tokens == null || tokens > 0);
    }

    /** Returns whether a file of this domain holds others too. */
    public boolean hasSharedFiles() {
      return sources.stream().anyMatch(DomainFiles.Source::shared);
    }
  }

  /**
   * A step from a computed weight to a planned share.
   *
   * @param cause why the share changed
   * @param before share of the training tokens
   * @param after share of the training tokens
   */
  public record Change(Cause cause, double before, double after) {}

  /** Why a planned share is not the computed weight. */
  public enum Cause {
    /** The mixture that an evaluation recommends took the place of the computed one. */
    RECOMMENDED,
    /** The mixture was drawn towards {@code plan.prior}. */
    PRIOR,
    /** It cannot take more than its epochs give. */
    MAX_EPOCHS,
    /** It was raised to its floor. */
    FLOOR,
    /** It was lowered to its ceiling. */
    CEILING,
    /** It shares in what the limits of others left over or took away. */
    OTHERS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Copies the lists. */
  public SamplingPlan {
    domains = List.copyOf(domains);
    tables = List.copyOf(tables);
    dropped = List.copyOf(dropped);
    warnings = List.copyOf(warnings);
  }

  /**
   * Plans a training run: tokens in proportion to the weights, except that no domain is passed over
   * more than {@code maxEpochs} times; what it cannot take is shared among the others in
   * proportion.
   *
   * @param sizes of the domains, as far as they are known
   * @throws org.chameleon.config.InvalidInputException if the budget needs more epochs than allowed
   *     from every domain
   */
  public static SamplingPlan of(
      Mixture mixture, List<DomainSize> sizes, long seed, PlanConfig config) {
    return new Planner(mixture.domains(), sizes, config).plan(seed);
  }

  /**
   * Plans a training run with weights that were planned and evaluated before, in place of the
   * computed ones: limits are held, but nothing is drawn towards the prior a second time.
   *
   * @param recommended weights by domain
   * @param sizes of the domains, as far as they are known
   * @throws org.chameleon.config.InvalidInputException as for the computed ones, or if the weights
   *     are of other domains than the mixture
   */
  public static SamplingPlan ofWeights(
      Mixture mixture,
      Map<String, Double> recommended,
      List<DomainSize> sizes,
      long seed,
      PlanConfig config) {
    return new Planner(mixture.domains(), sizes, config).plan(recommended, seed);
  }

  /**
   * Returns this plan with the corpus that it is of.
   *
   * @param newTables that its files belong to
   * @param tokenizer SHA-256 of the {@code tokenizer.json} whose tokens are counted, or null
   */
  public SamplingPlan withCorpus(List<CorpusTable> newTables, String tokenizer) {
    return copy(tokenizer, newTables, evidence, warnings);
  }

  /**
   * Returns this plan with what is known of its mixture, and a warning where that is too little.
   */
  public SamplingPlan withEvidence(Optional<Evidence> found) {
    List<Warning> all = new ArrayList<>(warnings);
    all.addAll(EvidenceWarnings.of(found));
    return copy(tokenizerSha256, tables, found.orElse(null), all);
  }

  /** Returns this plan with more to warn of. */
  public SamplingPlan withWarnings(List<Warning> more) {
    List<Warning> all = new ArrayList<>(warnings);
    all.addAll(more);
    return copy(tokenizerSha256, tables, evidence, all);
  }

  private SamplingPlan copy(
      String tokenizer,
      List<CorpusTable> newTables,
      Evidence newEvidence,
      List<Warning> newWarnings) {
    return new SamplingPlan(
        schemaVersion,
        unit,
        targetTokens,
        sequenceLength,
        seed,
        tokenizer,
        domains,
        newTables,
        dropped,
        newEvidence,
        newWarnings);
  }

  /** Returns the domains that get tokens. */
  public List<Domain> drawn() {
    return domains.stream().filter(Domain::isDrawn).toList();
  }
}
