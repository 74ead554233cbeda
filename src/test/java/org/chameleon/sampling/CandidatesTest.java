package org.chameleon.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidatesTest {
  private static final int WANTED = 20;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyMergeOfCutsChoosesTheFirstDistinctWindowsOfAll(long seed) {
    Random random = new Random(seed);
    List<CutWindow> all = new ArrayList<>();
    List<Candidates> parts = new ArrayList<>();
    for (int part = 0; part < 12; part++) {
      List<CutWindow> windows = windows(random, part);
      all.addAll(windows);
      parts.add(candidates(windows, part));
    }
    Collections.shuffle(parts, random);
    while (parts.size() > 1) {
      int at = random.nextInt(parts.size() - 1);
      parts.set(at, parts.get(at).merge(parts.remove(at + 1)));
    }
    all.sort(Comparator.comparing(CutWindow::start));
    Set<CutWindow.Content> seen = new HashSet<>();
    List<String> expected =
        all.stream()
            .filter(window -> seen.add(window.content()))
            .limit(WANTED)
            .map(w -> w.start().file() + " " + w.start().row())
            .toList();
    assertThat(parts.get(0).chosen().stream().map(w -> w.part() + " " + w.index()))
        .containsExactlyElementsOf(expected);
    Candidates.Found found = parts.get(0).found();
    assertThat(found.count()).isEqualTo(expected.size());
    assertThat(found.read().tokens()).isEqualTo(all.size());
  }

  /** Windows of few contents and few places, in order, so that all are met again elsewhere. */
  private static List<CutWindow> windows(Random random, int part) {
    List<CutWindow> windows = new ArrayList<>();
    for (int i = 0; i < random.nextInt(60); i++) {
      int[] ids = {random.nextInt(30)};
      CutWindow.Start start =
          new CutWindow.Start(random.nextInt(2), random.nextInt(40), part, i, "" + part, i);
      windows.add(new CutWindow(start, CutWindow.Content.of(ids, 0, 1), ids));
    }
    windows.sort(Comparator.comparing(CutWindow::start));
    List<CutWindow> numbered = new ArrayList<>();
    for (CutWindow window : windows) {
      CutWindow.Start s = window.start();
      numbered.add(
          new CutWindow(
              new CutWindow.Start(
                  s.round(), s.hash(), s.ordinal(), s.offset(), s.file(), numbered.size()),
              window.content(),
              window.ids()));
    }
    return numbered;
  }

  private static Candidates candidates(List<CutWindow> windows, int part) {
    TokenSums read = new TokenSums(1, windows.size(), 0, 0, 0);
    return Candidates.of(new WindowCutter.Cut("d", read, windows, null), WANTED, part, 0);
  }
}
