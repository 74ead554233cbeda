package org.chameleon.submit;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that a test starts: commands with a time limit, and servers that end with the test. */
final class Programs implements AutoCloseable {
  private static final long LIMIT_MINUTES = 15;

  private final Path folder;
  private final List<Process> servers = new ArrayList<>();
  private int started;

  /** Creates a starter that keeps what programs print below a folder. */
  Programs(Path folder) {
    this.folder = folder;
  }

  /** What a command left behind. */
  record Result(int code, String out, String err) {}

  /** A command that runs. */
  record Running(Process process, Path out, Path err) {
    Result await() throws InterruptedException, IOException {
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        kill(process);
        throw new AssertionError("took too long:\n" + tail());
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    String tail() throws IOException {
      String text = Files.readString(err);
      return text.substring(Math.max(0, text.length() - 4000));
    }
  }

  /** Starts a command of the project's folder. */
  Running start(Map<String, String> environment, List<String> command) throws IOException {
    started++;
    Path out = folder.resolve(started + ".out");
    Path err = folder.resolve(started + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    servers.add(process);
    return new Running(process, out, err);
  }

  /** Runs a command of the project's folder. */
  Result run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return start(environment, command).await();
  }

  /** Waits until something is so. */
  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for: " + what);
      }
      Thread.sleep(200);
    }
  }

  /** Returns a port that nobody uses. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Writes a program that prints a text. */
  static Path printer(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\ncat <<'END'\n" + text + "\nEND\n", StandardCharsets.UTF_8);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
    return file;
  }

  /** Returns what the programs have started. */
  Stream<ProcessHandle> processes() {
    return servers.stream().flatMap(Process::descendants);
  }

  static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    servers.forEach(Programs::kill);
  }
}
