package org.chameleon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the scripts in {@code src/test/interop} with the packages that the build installed. */
public final class Python {
  private static final long LIMIT_MINUTES = 10;

  private Python() {}

  /**
   * Returns the last line that a script prints.
   *
   * @param environment {@code model}, {@code data}, {@code spark} or {@code spark4}
   */
  public static String lastLine(String environment, String script, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("target/interop", environment, "bin/python").toAbsolutePath().toString());
    command.add(Path.of("src/test/interop", script).toAbsolutePath().toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path out = Files.createTempFile("interop", ".out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(script + " failed:\n" + String.join("\n", lines));
    }
    return lines.get(lines.size() - 1);
  }
}
