package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What people read who ask how. */
class HelpTest {
  private static final List<String> COMMANDS =
      List.of(
          "run",
          "add",
          "remove",
          "merge",
          "split",
          "evaluate",
          "status",
          "materialize",
          "verify",
          "diff",
          "publish",
          "doctor");

  @Test
  void everyCommandIsListed() {
    Outcome help = Outcome.of("--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains(COMMANDS);
    assertThat(new CommandLine(new Main()).getSubcommands().keySet())
        .containsExactlyInAnyOrderElementsOf(COMMANDS);
  }

  private static List<String> commands() {
    return COMMANDS;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTellsItsOptionsAndAnExample(String command) {
    for (String option : List.of("--help", "-h")) {
      Outcome help = Outcome.of(command, option);
      assertThat(help.code()).isZero();
      assertThat(help.err()).isEmpty();
      assertThat(help.out())
          .contains("Usage: chameleon " + command, "Example", "  chameleon " + command + " --");
      assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    }
  }
}
