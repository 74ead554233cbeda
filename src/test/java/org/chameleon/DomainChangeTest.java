package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a run's domains end where a run from scratch of the changed corpus ends. */
class DomainChangeTest {
  /** More of them: {@code -Dchameleon.sequences=30}. */
  private static final int SEQUENCES = Integer.getInteger("chameleon.sequences", 1);

  private static final int CHANGES = 3;

  /** About as many as a change makes. */
  private static final int MOST_WRITES = 60;

  @TempDir private Path folder;
  private GrowingCorpus corpus;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    corpus = new GrowingCorpus(folder.resolve("corpus"));
    for (String domain : List.of("a", "b", "c")) {
      corpus.file(domain, 20, List.of(domain));
    }
    run =
        TinyRun.into(folder.resolve("run"))
            .with("sample.windows-per-domain", "12")
            .with("embedding.layers", "[0, 2]")
            .with("mixture.families", "auto")
            .with("plan.count", "exact");
  }

  @Test
  void randomSequencesOfChangesEndWhereARunFromScratchEnds() {
    for (int seed = 1; seed <= SEQUENCES; seed++) {
      new Sequence(seed).run();
      RunFiles.delete(folder.resolve("run"));
    }
  }

  /** Random changes of a run; of the first sequence each is cut off twice in between. */
  private final class Sequence {
    private final Random random;
    private final boolean killed;
    private final Map<String, List<String>> files =
        new TreeMap<>(Map.of("a", List.of("a"), "b", List.of("b"), "c", List.of("c")));
    private final StringBuilder done = new StringBuilder();
    private int names;
    private int cut;

    Sequence(int seed) {
      this.random = new Random(seed);
      this.killed = seed == 1;
    }

    void run() {
      TinyRun begun = through();
      begun.with("corpus.domains", corpus.domains(files)).run();
      for (int i = 0; i < CHANGES; i++) {
        change();
      }
      RunFiles.assertSameAsFresh(
          folder.resolve("run"),
          begun.with("corpus.domains", corpus.domains(files)),
          done.toString());
      assertThat(cut).isBetween(killed ? CHANGES : 0, killed ? 2 * CHANGES : 0);
      assertThat(run.json("run.json").get("changes")).hasSize(CHANGES);
      assertThat(folder.resolve("run").toFile().list()).doesNotContain(".change");
    }

    private void change() {
      switch (random.nextInt(4)) {
        case 0 -> remove();
        case 1 -> merge();
        case 2 -> split();
        default -> add();
      }
    }

    private String name() {
      return "n" + names++;
    }

    private String any() {
      return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
    }

    private void add() {
      Map<String, List<String>> more = new TreeMap<>();
      for (int i = random.nextInt(2); i >= 0; i--) {
        String name = name();
        corpus.file(name + "-1", 20, List.of(name)).file(name + "-2", 12, List.of(name));
        more.put(name, List.of(name + "-1", name + "-2"));
      }
      done.append(" add ").append(more);
      make(corpus.config(folder, more), change -> change.add(false, false));
      files.putAll(more);
    }

    private void remove() {
      if (files.size() < 3) {
        add();
        return;
      }
      String name = any();
      done.append(" remove ").append(name);
      make(null, change -> change.remove(List.of(name)));
      files.remove(name);
    }

    private void merge() {
      if (files.size() < 3) {
        add();
        return;
      }
      String one = any();
      String other = files.keySet().stream().filter(n -> !n.equals(one)).findFirst().orElseThrow();
      String into = random.nextBoolean() ? one : name();
      done.append(" merge ").append(one).append(' ').append(other).append(" into ").append(into);
      make(null, change -> change.merge(into, List.of(one, other)));
      List<String> whole = new ArrayList<>(files.remove(one));
      whole.addAll(files.remove(other));
      files.put(into, whole);
    }

    private void split() {
      String whole =
          files.keySet().stream().filter(n -> files.get(n).size() > 1).findFirst().orElse(null);
      if (whole == null) {
        add();
        return;
      }
      Map<String, List<String>> parts = new TreeMap<>();
      List<String> all = files.get(whole);
      parts.put(random.nextBoolean() ? whole : name(), all.subList(0, 1));
      parts.put(name(), all.subList(1, all.size()));
      done.append(" split ").append(whole).append(" into ").append(parts);
      make(corpus.config(folder, parts), DomainChange::split);
      files.remove(whole);
      files.putAll(parts);
    }

    private TinyRun through() {
      return killed ? run.through("cut://") : run;
    }

    private void make(Path file, TinyRun.What what) {
      for (int left = killed ? 2 : 0; left > 0; left--) {
        CutOffFileSystem.cutOffAfter(random.nextInt(MOST_WRITES));
        try {
          through().change(file, done.toString(), what);
        } catch (Exception e) {
          cut++;
        } finally {
          CutOffFileSystem.goOn();
        }
      }
      through().change(file, done.toString(), what);
    }
  }
}
