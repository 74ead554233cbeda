package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** The files of a run, as two runs of the same configuration must have them. */
final class RunFiles {
  private RunFiles() {}

  /** Returns the hash of every file but the record, by its path; no hidden ones. */
  static SortedMap<String, String> of(Path run) {
    SortedMap<String, String> files = new TreeMap<>();
    for (Path file : below(run)) {
      String name = run.relativize(file).toString();
      if (Files.isRegularFile(file) && !name.startsWith(".") && !name.equals("run.json")) {
        files.put(name, sha256(file));
      }
    }
    return files;
  }

  /** Compares a run with one from scratch of a configuration in its place. */
  static void assertSameAsFresh(Path run, TinyRun fresh, String what) {
    assertThat(fresh.problems()).isEmpty();
    Path changed = run.resolveSibling("changed");
    move(run, changed);
    fresh.run();
    SortedMap<String, String> expected = of(run);
    SortedMap<String, String> found = of(changed);
    assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
    expected.entrySet().removeAll(found.entrySet());
    assertThat(expected.keySet()).as("files that differ after " + what).isEmpty();
    delete(run);
    move(changed, run);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path run) {
    below(run).stream().sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
  }

  /** Returns the files below a folder whose names end so, in their order. */
  static List<Path> named(Path folder, String end) {
    return below(folder).stream().filter(p -> p.toString().endsWith(end)).sorted().toList();
  }

  private static List<Path> below(Path run) {
    try (Stream<Path> paths = Files.walk(run)) {
      return paths.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) {
    try {
      return DigestUtils.sha256Hex(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
