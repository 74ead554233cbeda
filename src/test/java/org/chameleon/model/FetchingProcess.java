package org.chameleon.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.SlowFileSystem;

/** Another process of this user: it says each step, and waits to be told the next. */
final class FetchingProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader said;
  private final PrintStream told;

  private FetchingProcess(Process process) {
    this.process = process;
    this.said = process.inputReader(UTF_8);
    this.told = new PrintStream(process.getOutputStream(), true, UTF_8);
  }

  /** Takes a file and holds it until told otherwise. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    FetchedFiles files = new FetchedFiles(Path.of(arguments[0]));
    Configuration hadoop = SlowFileSystem.hadoop();
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(arguments[1]);
    source.getFileSystem(hadoop);
    out.println("ready");
    in.readLine();
    try (FetchedFiles.Held file = files.take(source, source.getFileSystem(hadoop))) {
      out.println(file.path());
      in.readLine();
    }
  }

  /** Starts one and waits until it could take a file. */
  static FetchingProcess start(Path folder, String source) throws IOException {
    FetchingProcess started =
        new FetchingProcess(
            new ProcessBuilder(
                    System.getProperty("java.home") + "/bin/java",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FetchingProcess.class.getName(),
                    folder.toString(),
                    source)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    if (!"ready".equals(started.said.readLine())) {
      throw new IOException("it did not start");
    }
    return started;
  }

  /** Tells it to take the file. */
  void take() {
    told.println();
  }

  /** Waits for where it has the file. */
  Path taken() throws IOException {
    return Path.of(said.readLine());
  }

  /** Ends it as a crash does, and waits for that. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
