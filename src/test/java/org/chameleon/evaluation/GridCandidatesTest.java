package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Objective;
import org.junit.jupiter.api.Test;

/** Mixtures of other settings. */
class GridCandidatesTest {
  private static final EvaluationConfig.Grid NONE =
      new EvaluationConfig.Grid(List.of(), List.of(), List.of());
  private static final SortedMap<String, Double> BASELINE = DrawnTrials.weights(0.4, 0.3, 0.2, 0.1);

  @Test
  void withoutSettingsThereIsNoGrid() {
    assertThat(grid(NONE)).isEmpty();
  }

  @Test
  void everyCombinationHasANameButTheOneThatIsTheRunsOwn() {
    EvaluationConfig.Grid all =
        new EvaluationConfig.Grid(
            List.of(Objective.PRETRAIN, Objective.FINETUNE), List.of(2.0, 4.0), List.of(0.25, 1.0));
    assertThat(grid(all).keySet())
        .containsExactly(
            "pretrain-r2-p0.25",
            "pretrain-r2-p1",
            "pretrain-r4-p0.25",
            "finetune-r2-p0.25",
            "finetune-r2-p1",
            "finetune-r4-p0.25",
            "finetune-r4-p1");
  }

  @Test
  void anEmptyListIsTheRunsOwnSetting() {
    assertThat(grid(new EvaluationConfig.Grid(List.of(), List.of(), List.of(0.5))).keySet())
        .containsExactly("pretrain-r4-p0.5");
    assertThat(
            grid(new EvaluationConfig.Grid(List.of(Objective.FINETUNE), List.of(), List.of()))
                .keySet())
        .containsExactly("finetune-r4-p1");
    Map<String, SortedMap<String, Double>> half =
        new GridCandidates(mixture(4.0), BASELINE, 0.5)
            .of(new EvaluationConfig.Grid(List.of(), List.of(2.0, 4.0), List.of()));
    assertThat(half.keySet()).containsExactly("pretrain-r2-p0.5");
  }

  @Test
  void aStepIsGeometric() {
    SortedMap<String, Double> whole = mixture(4.0).weights(Objective.PRETRAIN, ratio(2));
    SortedMap<String, Double> half =
        grid(new EvaluationConfig.Grid(List.of(), List.of(2.0), List.of(0.5)))
            .get("pretrain-r2-p0.5");
    double a = Math.sqrt(whole.get("a") * 0.4);
    double d = Math.sqrt(whole.get("d") * 0.1);
    assertThat(half.get("a") / half.get("d")).isCloseTo(a / d, within(1e-12));
    assertThat(half.values().stream().mapToDouble(w -> w).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void aStepOfNothingIsTheBaselineAndNotTriedTwice() {
    assertThat(grid(new EvaluationConfig.Grid(List.of(), List.of(), List.of(0.0, 0.5))).keySet())
        .containsExactly("pretrain-r4-p0.5");
  }

  @Test
  void ratiosThatDoNotBindGiveOneMixture() {
    EvaluationConfig.Grid loose =
        new EvaluationConfig.Grid(List.of(Objective.FINETUNE), List.of(1e6, 1e7), List.of());
    assertThat(grid(loose).keySet()).containsExactly("finetune-r1000000-p1");
  }

  @Test
  void aMixtureWithoutALargestRatioHasNoneInItsName() {
    GridCandidates candidates = new GridCandidates(mixture(null), BASELINE, 1);
    assertThat(
            candidates.of(new EvaluationConfig.Grid(List.of(), List.of(), List.of(0.5))).keySet())
        .containsExactly("pretrain-p0.5");
  }

  @Test
  void aBaselineOfOtherDomainsIsRefused() {
    SortedMap<String, Double> other = DrawnTrials.weights(0.5, 0.5);
    assertThatThrownBy(() -> new GridCandidates(mixture(4.0), other, 1))
        .hasMessageContaining("the baseline is of domains [a, b]");
  }

  private static Map<String, SortedMap<String, Double>> grid(EvaluationConfig.Grid grid) {
    return new GridCandidates(mixture(4.0), BASELINE, 1).of(grid);
  }

  private static Optional<Double> ratio(double ratio) {
    return Optional.of(ratio);
  }

  /** Returns a mixture of four domains, as mixture.json holds it. */
  static Mixture mixture(Double maxRatio) {
    double[] scores = {0.1, 0.2, 0.3, 0.4};
    List<Mixture.Domain> domains = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      domains.add(
          new Mixture.Domain(
              DrawnTrials.domain(i),
              0.25,
              scores[i],
              scores[i],
              10,
              0.25,
              null,
              0.2,
              0.3,
              0.25,
              null,
              1,
              null,
              null,
              null));
    }
    return new Mixture(
        1,
        "pretrain",
        0.29,
        "relative",
        5,
        "relative",
        maxRatio,
        null,
        false,
        1,
        5,
        true,
        domains,
        new double[0][],
        1,
        1,
        null,
        null,
        null,
        List.of());
  }
}
