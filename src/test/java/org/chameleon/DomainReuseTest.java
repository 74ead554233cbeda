package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is resumed over a changed corpus takes over all domains that have not changed. */
class DomainReuseTest {
  @TempDir private Path folder;
  private GrowingCorpus corpus;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    corpus = new GrowingCorpus(folder.resolve("corpus"));
    for (String domain : List.of("a", "b", "c")) {
      corpus.file(domain, 30, List.of(domain));
    }
    corpus.file("mixed", 25, List.of("x", "y"));
    run = TinyRun.into(folder.resolve("run")).with("plan.count", "exact");
  }

  private TinyRun domains(Map<String, List<String>> files) {
    return run.with("corpus.domains", corpus.domains(files));
  }

  @Test
  void aDomainThatIsNewOrHasChangedIsReadAlone() {
    Map<String, List<String>> files =
        new TreeMap<>(Map.of("a", List.of("a"), "b", List.of("b"), "c", List.of("c")));
    domains(files).run();
    long all = read("sample");
    corpus.file("d", 30, List.of("d"));
    corpus.file("b", 32, List.of("b"));
    files.put("d", List.of("d"));
    assertSameAsFresh(domains(files), 2);
    assertThat(read("sample")).isLessThan(3 * all / 4);
    assertThat(read("count")).isLessThan(3 * all / 4);
    files.put("d", List.of("d", "c"));
    files.remove("c");
    assertSameAsFresh(domains(files), 2);
    files.remove("d");
    domains(files).resume();
    assertThat(run.stage("sample").has("bytesRead")).isFalse();
  }

  @Test
  void aFileOfSeveralDomainsIsReadForThoseThatAreNotKnown() {
    TinyRun whole = run.with("corpus.path", corpus.paths(List.of("a", "b", "mixed")));
    whole.run();
    corpus.file("more", 20, List.of("y", "z"));
    TinyRun more = run.with("corpus.path", corpus.paths(List.of("a", "b", "mixed", "more")));
    // y goes on in the new file, so its documents of before have other numbers among more.
    assertSameAsFresh(more, 3);
    assertSameAsFresh(more.with("corpus.leave-out", "[b]").with("corpus.merge.w", "[x, a]"), 2);
    more.resume();
    assertThat(run.stage("embed").path("keptDomains").asInt()).isEqualTo(2);
    assertSameAsFresh(more.with("corpus.domains.all", corpus.paths(List.of("mixed"))), 3);
  }

  @Test
  void ofADomainThatHasGrownTheNewFilesAloneAreCounted() {
    Map<String, List<String>> files = new TreeMap<>(Map.of("a", List.of("a"), "b", List.of("b")));
    domains(files).run();
    corpus.file("more", 20, List.of("a"));
    files.put("a", List.of("a", "more"));
    assertSameAsFresh(domains(files), 1);
    long read = read("count");
    corpus.file("a", 31, List.of("a"));
    assertSameAsFresh(domains(files), 1);
    assertThat(read("count")).isGreaterThan(2 * read);
  }

  @Test
  void settingsOfTheSampleAreThoseOfEveryDomain() {
    Map<String, List<String>> files = Map.of("a", List.of("a"), "b", List.of("b"));
    TinyRun documents = domains(files).with("sample.span", "document");
    documents.run();
    // Batches are made of a domain's windows alone, however long those of others are.
    corpus.file("c", 60, List.of("c"));
    TinyRun longer =
        domains(Map.of("a", List.of("a"), "b", List.of("b"), "c", List.of("c")))
            .with("sample.span", "document")
            .with("mixture.families", "auto");
    assertSameAsFresh(longer, 2);
    longer.with("embedding.layer", "1").resume();
    assertThat(run.statuses()).containsEntry("sample", "reused").containsEntry("embed", "done");
    assertThat(run.stage("embed").has("keptDomains")).isFalse();
    longer.with("sample.unit", "documents").resume();
    assertThat(run.stage("sample").has("keptDomains")).isFalse();
  }

  @Test
  void aRunThatBeginsFromAnotherHasItsProxyAndEmbedsWhatHasChanged() throws IOException {
    Map<String, List<String>> files =
        new TreeMap<>(Map.of("a", List.of("a"), "b", List.of("b"), "c", List.of("c")));
    run = run.training();
    TinyRun before = domains(files).run();
    SortedMap<String, String> hashes = RunFiles.of(folder.resolve("run"));
    corpus.file("d", 30, List.of("d"));
    corpus.file("b", 32, List.of("b"));
    files.put("d", List.of("d"));
    TinyRun next = domains(files).to(folder.resolve("next"));
    assertThatThrownBy(() -> next.with("training.steps", "31").runFrom(before))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("training is not as it had it, and its proxy is used");
    assertThat(next.stage("train").path("mayPass").asBoolean(true)).isFalse();
    next.runFrom(before);
    assertThat(next.problems()).isEmpty();
    for (String stage : List.of("sample", "embed", "count")) {
      assertThat(next.stage(stage).path("keptDomains").asInt()).as(stage).isEqualTo(2);
      assertThat(next.stage(stage).path("keptFrom").asText()).endsWith("/run");
    }
    assertThat(RunFiles.of(folder.resolve("run"))).isEqualTo(hashes);
    // The same as from scratch with that proxy, of which the log of its training is no part.
    TinyRun fresh =
        domains(files)
            .to(folder.resolve("fresh"))
            .with("proxy.checkpoint", folder.resolve("run/proxy").toString())
            .run();
    SortedMap<String, String> expected = RunFiles.of(folder.resolve("fresh"));
    SortedMap<String, String> found = RunFiles.of(folder.resolve("next"));
    expected.keySet().removeIf(path -> path.startsWith("proxy/") || path.contains("report"));
    assertThat(found).containsAllEntriesOf(expected);
    assertThat(fresh.stage("sample").path("bytesRead").asLong())
        .isGreaterThan(next.stage("sample").path("bytesRead").asLong());
    next.resume();
    assertThat(next.statuses().values()).containsOnly("reused");
    // What was kept of it is not taken over where it is not as it was.
    Path part = RunFiles.named(folder.resolve("run/sample"), ".parquet").get(0);
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);
    Files.deleteIfExists(part.resolveSibling("." + part.getFileName() + ".crc"));
    assertThatThrownBy(() -> next.to(folder.resolve("broken")).runFrom(before))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it is not as it was recorded");
  }

  /** Resumes a run, and compares all its files but the record with those of a run from scratch. */
  private void assertSameAsFresh(TinyRun changed, int kept) {
    changed.resume();
    assertThat(run.stage("embed").path("keptDomains").asInt()).isEqualTo(kept);
    RunFiles.assertSameAsFresh(folder.resolve("run"), changed, "resumed");
  }

  private long read(String stage) {
    return run.stage(stage).get("bytesRead").asLong();
  }
}
