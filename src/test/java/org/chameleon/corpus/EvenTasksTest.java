package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EvenTasksTest {
  private static final double MB = 1 << 20;

  @Test
  void everyItemIsInOneTaskAndNoTaskHasMuchMoreThanItsShare() {
    List<Double> items =
        new Random(1)
            .doubles(5000, 0, 2 * MB)
            .boxed()
            .collect(java.util.stream.Collectors.toList());
    items.add(30 * MB);
    Collections.shuffle(items, new Random(2));
    List<List<Double>> tasks = new EvenTasks(4).packed(items, size -> size);
    assertThat(tasks.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(items);
    double share = sum(items) / tasks.size();
    assertThat(tasks.size()).isBetween(32, 100);
    assertThat(tasks).allSatisfy(task -> assertThat(sum(task)).isBetween(0.9 * share, 1.1 * share));
    assertThat(tasks).isSortedAccordingTo((a, b) -> Double.compare(sum(b), sum(a)));
  }

  @Test
  void oneThatIsLargerThanAShareIsAloneAndFirst() {
    List<List<Double>> tasks =
        new EvenTasks(2).packed(List.of(MB, MB, 500 * MB, MB, MB), size -> size);
    assertThat(tasks.get(0)).containsExactly(500 * MB);
    assertThat(tasks.stream().mapToInt(List::size).sum()).isEqualTo(5);
  }

  @Test
  void littleWorkIsNotSpreadThin() {
    assertThat(new EvenTasks(64).packed(Collections.nCopies(1000, 1000.0), size -> size))
        .hasSize(1);
    assertThat(new EvenTasks(64).packed(List.<Double>of(), size -> size)).isEmpty();
    assertThat(new EvenTasks(2).packed(List.of(0.0, 0.0), size -> size)).hasSize(1);
  }

  @Test
  void muchWorkIsCutForMoreCoresThanThereAreNow() {
    List<Double> files = Collections.nCopies(20_000, 1000 * MB);
    assertThat(new EvenTasks(2).packed(files, size -> size)).hasSize(20_000);
  }

  private static double sum(List<Double> sizes) {
    return sizes.stream().flatMapToDouble(DoubleStream::of).sum();
  }
}
