package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.Shares;

/**
 * The shares that a trainer is told of, in the unit in which it draws; only of domains that get
 * tokens, and summing to 1 as printed.
 */
final class DrawnShares {
  /** Relative error of a domain's share that goes without saying. */
  private static final double TOLERATED = 0.01;

  private final SamplingPlan plan;
  private final List<SamplingPlan.Domain> domains;

  DrawnShares(SamplingPlan plan) {
    this.plan = plan;
    this.domains = plan.drawn();
  }

  SamplingPlan plan() {
    return plan;
  }

  /** Returns the domains that get tokens. */
  List<SamplingPlan.Domain> domains() {
    return domains;
  }

  /** Returns shares for trainers that draw sequences of one length: shares of tokens. */
  Map<String, Double> ofTokens() throws NotExpressible {
    return shares(SamplingPlan.Domain::weight);
  }

  /** Returns shares for trainers that draw documents: the shorter they are, the more of them. */
  Map<String, Double> ofDocuments() throws NotExpressible {
    for (SamplingPlan.Domain domain : domains) {
      if (domain.rowProbability() == null) {
        throw new NotExpressible(
            "it draws documents, and the number of documents or tokens of domain '%s' is not known. Set plan.domains.\"%s\" { available-tokens, available-rows }."
                .formatted(domain.name(), domain.name()));
      }
    }
    return shares(SamplingPlan.Domain::rowProbability);
  }

  private Map<String, Double> shares(ToDoubleFunction<SamplingPlan.Domain> share)
      throws NotExpressible {
    double[] printed = Shares.of(domains.stream().mapToDouble(share).toArray());
    Map<String, Double> byName = new LinkedHashMap<>();
    for (int i = 0; i < printed.length; i++) {
      if (printed[i] == 0) {
        throw new NotExpressible(
            "the share of domain '%s' is less than can be printed, and trainers do not take 0. Set plan.domains.\"%s\".floor, or its ceiling to 0."
                .formatted(domains.get(i).name(), domains.get(i).name()));
      }
      byName.put(domains.get(i).name(), printed[i]);
    }
    return byName;
  }

  /** Returns the epochs of a domain that gets tokens. */
  double epochs(SamplingPlan.Domain domain) throws NotExpressible {
    if (domain.epochs() == null) {
      throw new NotExpressible(
          "it is told of passes over the data, and the size of domain '%s' is not known. Set plan.tokens and plan.domains.\"%s\".available-tokens."
              .formatted(domain.name(), domain.name()));
    }
    return domain.epochs();
  }

  /** Returns how many sequences the plan trains on, or 0 where it has no budget. */
  long sequences() {
    return plan.targetTokens() == null
        ? 0
        : Math.max(1, Math.round((double) plan.targetTokens() / plan.sequenceLength()));
  }

  /** Warns of domains that get so few sequences that rounding them shows. */
  List<Warning> wholeSequences(CorpusAccess access, Map<String, Double> told) {
    long sequences = sequences();
    if (sequences == 0) {
      return List.of();
    }
    Map<String, Double> rounded = new LinkedHashMap<>();
    told.forEach(
        (name, share) -> rounded.put(name, (double) Math.round(share * sequences) / sequences));
    return coarse(
        access, told, rounded, "it takes whole sequences, %d in all".formatted(sequences));
  }

  /**
   * Warns where a trainer makes noticeably different shares of those it is told of.
   *
   * @param why what makes them different
   */
  List<Warning> coarse(
      CorpusAccess access, Map<String, Double> told, Map<String, Double> realised, String why) {
    List<String> off = new ArrayList<>();
    double largest = 0;
    for (Map.Entry<String, Double> share : told.entrySet()) {
      double error = Math.abs(realised.get(share.getKey()) / share.getValue() - 1);
      if (error > TOLERATED) {
        off.add(share.getKey());
        largest = Math.max(largest, error);
      }
    }
    String message =
        String.format(
            Locale.ROOT, "%s: a share is off by up to %.1f %% of itself.", why, 100 * largest);
    return off.isEmpty() ? List.of() : List.of(access.warning("COARSE", off, message));
  }

  /** Warns where one pass ends before the plan's tokens are drawn. */
  List<Warning> onePass(CorpusAccess access, String remedy) {
    SamplingPlan.Domain most = null;
    for (SamplingPlan.Domain domain : domains) {
      if (domain.epochs() != null && (most == null || domain.epochs() > most.epochs())) {
        most = domain;
      }
    }
    if (most == null || most.epochs() <= 1 + 1e-9) {
      return List.of();
    }
    return List.of(
        access.warning(
            "NO_REPETITION",
            List.of(most.name()),
            String.format(
                Locale.ROOT,
                "one pass ends when this domain is used up, after %.1f %% of the planned tokens. %s",
                100 / most.epochs(),
                remedy.formatted((int) Math.ceil(most.epochs() - 1e-9)))));
  }
}
