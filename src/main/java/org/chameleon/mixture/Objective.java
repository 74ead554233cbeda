package org.chameleon.mixture;

import java.util.Locale;

/** What the weights are for; each carries its formula over the leverage scores S. */
public enum Objective {
  /** Pretraining: softmax(1 / (S · T)), so that shared, well-supported domains get more. */
  PRETRAIN(5) {
    @Override
    double logit(double score) {
      return 1 / (score + TINY);
    }

    @Override
    double relativeTemperature(double temperature, int domains) {
      return temperature * domains / PAPER_DOMAINS;
    }
  },
  /** Finetuning: softmax(S / T), so that domains of their own get more. */
  FINETUNE(0.2) {
    @Override
    double logit(double score) {
      return score;
    }

    @Override
    double relativeTemperature(double temperature, int domains) {
      return temperature * PAPER_DOMAINS / domains;
    }
  };

  /** Added to a score before it is inverted, as in the released code. */
  private static final double TINY = 1e-12;

  /** The number of domains that the paper's temperatures were chosen for. */
  static final int PAPER_DOMAINS = 7;

  private final double paperTemperature;

  Objective(double paperTemperature) {
    this.paperTemperature = paperTemperature;
  }

  /** Returns the objective that this is not. */
  Objective other() {
    return this == PRETRAIN ? FINETUNE : PRETRAIN;
  }

  /** Returns z, where the weights are softmax(z / T). */
  abstract double logit(double score);

  /** Returns T for any number of domains from a T that is meant for seven. */
  abstract double relativeTemperature(double temperature, int domains);

  /** Returns the paper's temperature. */
  double paperTemperature() {
    return paperTemperature;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
