package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void drawnNumbersAreDistinctAscendingAndBelowTheTotal() {
    long[] drawn = Draws.ordinals(7, 1000, 1L << 40);
    assertThat(drawn).hasSize(1000).isSorted().doesNotHaveDuplicates();
    assertThat(drawn[999]).isLessThan(1L << 40);
  }

  @Test
  void aDrawOfAllIsAll() {
    assertThat(Draws.ordinals(3, 500, 100)).containsExactly(LongStream.range(0, 100).toArray());
  }

  @Test
  void aLargerDrawContainsASmallerOne() {
    assertThat(Draws.ordinals(5, 400, 1000)).contains(Draws.ordinals(5, 100, 1000));
  }

  @Test
  void everyNumberIsDrawnEquallyOften() {
    int[] counts = new int[20];
    for (int seed = 0; seed < 4000; seed++) {
      Arrays.stream(Draws.ordinals(Draws.mix(seed), 5, 20)).forEach(i -> counts[(int) i]++);
    }
    for (int count : counts) {
      assertThat((double) count).isCloseTo(1000, within(150.0));
    }
  }
}
