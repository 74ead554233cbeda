package org.chameleon.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.mixture.Mixture;
import org.chameleon.sampling.DomainSize;

/** Mixtures and sizes to be planned. */
class PlanFixture {
  static final PriorConfig NO_PRIOR = Plans.NO_PRIOR;

  static List<DomainSize> sizes(long... tokens) {
    List<DomainSize> sizes = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      sizes.add(size("d" + i, 10, tokens[i]));
    }
    return sizes;
  }

  static SamplingPlan plan(double[] weights, long[] available, Long tokens, double epochs) {
    List<DomainSize> sizes = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      sizes.add(size("d" + i, 10, available[i]));
    }
    return SamplingPlan.of(mixture(weights), sizes, 1, config(tokens, epochs));
  }

  static DomainSize size(String name, long rows, long tokens) {
    return Plans.size(name, rows, tokens);
  }

  static PlanConfig config(Long tokens, double maxEpochs) {
    return config(tokens, maxEpochs, 0, 1, Map.of(), NO_PRIOR);
  }

  static PlanConfig config(
      Long tokens,
      double maxEpochs,
      double floor,
      double ceiling,
      Map<String, DomainLimits> domains,
      PriorConfig prior) {
    return new PlanConfig(
        MixtureOrigin.COMPUTED,
        Optional.ofNullable(tokens),
        8,
        maxEpochs,
        floor,
        ceiling,
        domains,
        TokenOrigin.ESTIMATE,
        Optional.empty(),
        prior,
        List.of(),
        Map.of());
  }

  static Mixture mixture(double... weights) {
    return Plans.mixture(weights);
  }
}
