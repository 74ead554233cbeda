package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.chameleon.TinyRun;
import org.chameleon.mixture.Mixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that change the domains of a run. */
class ChangeCommandsTest {
  @TempDir private Path folder;

  @Test
  void aChangeThatMovesTheOthersTooFarIsNotMade() throws IOException {
    TinyRun run = TinyRun.withCorpus(folder).with("sample.windows-per-domain", "10").run();
    String directory = run.file("").toString();
    String before = run.json("run.json").toString();
    String[] remove = {
      "remove", "--run", directory, "--domain", "sums", "--run-id", "night", "--max-change"
    };
    Outcome refused = Outcome.of(with(remove, "0.0001"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("gone: sums", "largest change");
    assertThat(refused.err())
        .contains(" points, more than --max-change = +0.01 allows: the run is as it was.");
    assertThat(run.json("run.json").toString()).isEqualTo(before);
    Outcome made = Outcome.of(with(remove, "0.9"));
    assertThat(made.code()).isZero();
    assertThat(made.out()).contains("gone: sums", "manifest ", "plan/manifest.json");
    assertThat(run.json("run.json").at("/changes/0/gone/0").asText()).isEqualTo("sums");
    assertThat(run.json("run.json").at("/changes/0/weightsBefore")).hasSize(4);
    assertThat(run.problems()).isEmpty();
    Outcome again = Outcome.of(with(remove, "0.9"));
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("night has changed it already.");
    Files.writeString(
        folder.resolve("corpus/late.jsonl"), "{\"domain\": \"late\", \"text\": \"came\"}\n");
    Outcome late = Outcome.of("remove", "--run", directory, "--domain", "code");
    assertThat(late.code()).isEqualTo(1);
    assertThat(late.err()).contains("its corpus has further domains since, such as 'late'.");
    assertThat(Outcome.of("merge", "--run", directory, "--into", "one", "code").code())
        .isEqualTo(2);
  }

  @Test
  void whatIsAddedBesideAMixtureInUseLeavesItsProportionsAndDiffSaysWhy() throws IOException {
    TinyRun run = TinyRun.withCorpus(folder).with("sample.windows-per-domain", "10").run();
    String directory = run.file("").toString();
    Path earlier = folder.resolve("earlier");
    FileSystem.getLocal(new Configuration())
        .getRaw()
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(directory),
            new org.apache.hadoop.fs.Path(earlier.toString()));
    List<Mixture.Domain> before = run.directory().mixture().domains();
    Path more = folder.resolve("more.conf");
    Path late = Files.writeString(folder.resolve("late.jsonl"), lines());
    Files.writeString(more, "chameleon.corpus.domains.late = \"" + late + "\"");
    String[] add = {"add", "--run", directory, "--config", more.toString(), "--reuse"};
    Outcome refused = Outcome.of(with(with(add, "--set"), "mixture.families=auto"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("--reuse keeps proportions of domains", "--set mixture.families=none");
    Outcome added = Outcome.of(add);
    assertThat(added.code()).as(added.err()).isZero();
    assertThat(added.out())
        .contains("points, by cause", "come = domains that came", "late is most like ")
        .containsPattern("proportions kept +weight +if none")
        .containsPattern("late +computed +\\d")
        .containsPattern("sums +kept +\\d");
    assertThat(added.out().lines()).allMatch(line -> line.length() <= 80 || line.contains("/"));
    List<Mixture.Domain> after = run.directory().mixture().domains();
    double left = 1 - weight(after, "late");
    for (Mixture.Domain domain : before) {
      assertThat(weight(after, domain.name())).isCloseTo(left * domain.weight(), within(1e-12));
    }
    assertThat(run.problems()).isEmpty();
    String[] diff = {"diff", "--run", earlier.toString(), "--run", directory};
    assertThat(Outcome.of(diff).out()).contains("points, by cause", "late is most like ");
    JsonNode why = new ObjectMapper().readTree(Outcome.of(with(diff, "--json")).out());
    for (JsonNode moved : why.at("/explanation/domains")) {
      double whole = weight(after, moved.path("domain").asText());
      whole -= weight(before, moved.path("domain").asText());
      assertThat(moved.path("come").asDouble() + moved.path("settings").asDouble())
          .isCloseTo(whole, within(1e-12));
    }
    assertThat(why.at("/explanation/domains")).hasSize(before.size());
    assertThat(why.at("/largestChange").asDouble()).isPositive();
    // Asked for anew, all weights are: what was added is gone without a trace.
    assertThat(Outcome.of("remove", "--run", directory, "--domain", "late").code()).isZero();
    assertThat(run.directory().mixture().domains()).isEqualTo(before);
  }

  private static double weight(List<Mixture.Domain> domains, String name) {
    return domains.stream()
        .filter(domain -> domain.name().equals(name))
        .findFirst()
        .orElseThrow()
        .weight();
  }

  private static String lines() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      lines.append("{\"text\": \"").append("late trains came at %d past nine ".formatted(i));
      lines.append("and nobody knew why ".repeat(8)).append("\"}\n");
    }
    return lines.toString();
  }

  private static String[] with(String[] arguments, String last) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = last;
    return all;
  }
}
