package org.chameleon.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrialSizesTest {
  /** Of domain 0 there are 0.05 tokens for each of the planned training. */
  private final TrialSizes sizes = new TrialSizes(5, 2, 1000, new TreeMap<>(Map.of("0", 0.05)));

  @Test
  void aDomainComesAsOftenAsInThePlannedTraining() {
    for (int horizon : new int[] {1, 4}) {
      assertThat(sizes.sequences(horizon)).isEqualTo(500 * horizon);
      // 40 % of the planned training are 8 epochs.
      double epochs = (double) sizes.wanted(0.4, horizon) / sizes.cut("0", horizon);
      assertThat(epochs).isEqualTo(8, within(1e-9));
      assertThat(sizes.cut("of unknown size", horizon)).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void tokensAreThoseThatArePredicted() {
    assertThat(sizes.tokens(new TreeMap<>(Map.of("0", 3L, "1", 0L))))
        .isEqualTo(Map.of("0", 6L, "1", 0L));
  }
}
