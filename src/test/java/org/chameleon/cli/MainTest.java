package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chameleon.Pom;
import org.chameleon.Reference;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir private Path folder;

  @Test
  void aRunPrintsItsTableAndPathsOnStdout() throws IOException {
    Outcome outcome = run();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("domain                     of data    weight       95 % interval   epochs")
        .containsPattern("(?m)^poems ")
        .contains("manifest  file:" + folder + "/run/plan/manifest.json")
        .contains("report    file:" + folder + "/run/report.html");
    assertThat(outcome.out().lines())
        .allMatch(line -> line.length() <= 80 || line.contains("file:"));
    Outcome verified = Outcome.of("verify", "--run", folder + "/run");
    assertThat(verified.code()).isZero();
    assertThat(verified.out()).contains("files as recorded.");
    Files.delete(folder.resolve("run/report.html"));
    Outcome changed = Outcome.of("verify", "--run", folder + "/run");
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.err()).contains("report.html is missing.");
  }

  @Test
  void aFailureIsOneAndPrintsItsMessageAlone() throws IOException {
    Outcome outcome = run("--set", "corpus.path=" + folder + "/nowhere");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err().lines().filter(line -> line.startsWith("Cannot")))
        .containsExactly(
            "Cannot find corpus.path: nothing is at file:"
                + folder
                + "/nowhere. Correct the path, or remove it.");
    assertThat(outcome.err()).doesNotContain("\tat ");
    assertThat(run("--overwrite", "--verbose", "--set", "corpus.path=" + folder + "/nowhere").err())
        .contains("\tat ");
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    Outcome outcome = Outcome.of("--version");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out().strip()).isEqualTo("chameleon " + Pom.of("pom.xml").version());
  }

  @Test
  void wrongConfigurationIsTwo() throws IOException {
    Outcome outcome = run("--set", "sample.window-token=3");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("Did you mean 'window-tokens'?");
    assertThat(Outcome.of("run", "--config", folder + "/none.conf").code()).isEqualTo(2);
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(Outcome.of("run").code()).isEqualTo(2);
    assertThat(Outcome.of("run", "--config", "x", "--resume", "--overwrite").code()).isEqualTo(2);
    assertThat(Outcome.of("fly").code()).isEqualTo(2);
    assertThat(Outcome.of("run", "--config", "x", "--until", "lunch").err()).contains("lunch");
  }

  @Test
  void verifyWithoutARunFails() {
    Outcome outcome = Outcome.of("verify", "--run", folder + "/none");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("it has no run.json");
  }

  private Outcome run(String... more) throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 1);
    Path config = folder.resolve("run.conf");
    Files.writeString(
        config,
        """
        chameleon {
          corpus { path = "%s" }
          sample { windows-per-domain = 20, window-tokens = 24 }
          proxy { checkpoint = "%s" }
          plan { exports = [] }
        }
        """
            .formatted(corpus, Reference.path("gpt2")));
    String[] arguments = new String[5 + more.length];
    System.arraycopy(
        new String[] {"run", "--config", config.toString(), "--output", folder + "/run"},
        0,
        arguments,
        0,
        5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Outcome.of(arguments);
  }
}
