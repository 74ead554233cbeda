package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that cannot be made says why, and leaves the run as it was. */
class DomainChangeRefusalTest {
  @TempDir private Path folder;
  private GrowingCorpus corpus;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    corpus = new GrowingCorpus(folder.resolve("corpus"));
    corpus.file("a", 20, List.of("a")).file("b1", 15, List.of("b")).file("b2", 15, List.of("b"));
    corpus.file("c", 20, List.of("c")).file("d", 20, List.of("d"));
    run =
        TinyRun.into(folder.resolve("run"))
            .with("sample.windows-per-domain", "10")
            .with(
                "corpus.domains",
                corpus.domains(
                    Map.of("a", List.of("a"), "b", List.of("b1", "b2"), "c", List.of("c"))));
  }

  @Test
  void whatIsAskedForMustFitTheRun() throws IOException {
    run.run();
    SortedMap<String, String> before = RunFiles.of(folder.resolve("run"));
    byte[] record = Files.readAllBytes(run.file("run.json"));
    TinyRun.What add = change -> change.add(false, false);
    Path again = corpus.config(folder, Map.of("a", List.of("d")));
    refused(again, add, "Cannot add domain 'a': the run has it already. ", "or --replace its");
    refused(
        GrowingCorpus.config(folder, "path = " + corpus.paths(List.of("c"))),
        add,
        "Cannot add domain 'c': the run has it already. Give it another name.");
    refused(
        null,
        change -> change.remove(List.of("x")),
        "Cannot find domain 'x': the run has a, b, c.");
    refused(
        null,
        change -> change.remove(List.of("c", "b", "a")),
        "Cannot remove a, b, c: no domain is left. Keep one.");
    refused(
        null,
        change -> change.merge("c", List.of("a", "b")),
        "Cannot merge into 'c': the run has a domain of that name.");
    refused(null, change -> change.merge("n", List.of("a", "a")), "name two domains or more");
    refused(null, change -> change.merge("n", List.of("a", "x")), "Cannot find domain 'x'");
    split(
        Map.of("p", List.of("b1"), "q", List.of("a")),
        "Cannot split 'a'",
        "b1.jsonl is none of its");
    split(Map.of("p", List.of("b1")), "name two parts or more");
    split(Map.of("p", List.of("d"), "q", List.of("d")), "Cannot use ", "twice");
    split(Map.of("c", List.of("b1"), "q", List.of("b2")), "Cannot split 'b' into 'c'");
    refused(
        GrowingCorpus.config(
            folder, "text-column = body, domains.d = \"" + corpus.path("d") + "\""),
        add,
        "corpus but for path and domains is not as the run had it");
    refused(
        GrowingCorpus.config(folder, "domains.d = \"/nowhere/*.jsonl\""),
        add,
        "Cannot find domain 'd': nothing is at ");
    assertThat(RunFiles.of(folder.resolve("run"))).isEqualTo(before);
    assertThat(run.file("run.json")).hasBinaryContent(record);
  }

  private void split(Map<String, List<String>> parts, String... messages) {
    refused(corpus.config(folder, parts), DomainChange::split, messages);
  }

  private void refused(Path file, TinyRun.What what, String... messages) {
    assertThatThrownBy(() -> run.change(file, "refused", what))
        .satisfies(e -> assertThat(e.getMessage()).contains(messages));
  }

  private void refusesToRemove(String... messages) {
    refused(null, change -> change.remove(List.of("a")), messages);
  }

  @Test
  void theRunMustBeAsItRecorded() throws IOException {
    refusesToRemove("Cannot change ", "it has no run.json");
    run.run(Existing.REFUSE, Stage.SAMPLE);
    refusesToRemove("it has not ended. Stage embed has not ended.", "--resume");
    run.resume();
    String record = Files.readString(run.file("run.json"));
    Files.writeString(
        run.file("run.json"),
        record.replaceFirst("\"version\" : \"[^\"]+\"", "\"version\" : \"9\""));
    refusesToRemove("version 9 made it, and this is ", "Run it again with --resume");
    Files.writeString(
        run.file("run.json"),
        record.replaceFirst("\"device\" : \"cpu\"", "\"device\" : \"gpu:0\""));
    refused(
        corpus.config(folder, Map.of("d", List.of("d"))),
        change -> change.add(false, false),
        "its embeddings were computed on gpu:0 ",
        "here it would be cpu ");
    Files.writeString(run.file("run.json"), record);
    Path weights = run.file("proxy/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    refusesToRemove("its proxy is not the one that it was made with", "model.safetensors");
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    corpus.file("b2", 16, List.of("b"));
    refusesToRemove("the files of domain 'b' have changed since, such as ", "b1.jsonl");
    assertThat(run.problems()).isEmpty();
    run.resume();
    run.change(null, "now", change -> change.remove(List.of("a")));
    assertThat(run.json("mixture.json").get("domains")).hasSize(2);
  }

  @Test
  void domainsOfAColumnComeAndGo() {
    corpus.file("mixed", 20, List.of("x", "y", "z")).file("more", 20, List.of("u", "v"));
    TinyRun column =
        TinyRun.into(folder.resolve("run"))
            .with("sample.windows-per-domain", "10")
            .with("corpus.path", corpus.paths(List.of("a", "b1", "mixed")));
    column.run();
    Path more = GrowingCorpus.config(folder, "path = " + corpus.paths(List.of("more")));
    column.change(more, "1", change -> change.add(false, false));
    assertThat(column.stage("embed").get("keptDomains").asInt()).isEqualTo(5);
    column.change(null, "2", change -> change.merge("w", List.of("x", "a")));
    column.change(null, "3", change -> change.remove(List.of("y", "b", "u", "v")));
    // The path that was added for u and v alone, and that of b, are no part of the corpus any more.
    TinyRun changed =
        column
            .with("corpus.path", corpus.paths(List.of("a", "mixed")))
            .with("corpus.leave-out", "[y]")
            .with("corpus.merge.w", "[x, a]");
    RunFiles.assertSameAsFresh(folder.resolve("run"), changed, "changes of a column's domains");
  }
}
