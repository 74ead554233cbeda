package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chameleon.TinyRun;
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

  private static String[] with(String[] arguments, String last) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = last;
    return all;
  }
}
