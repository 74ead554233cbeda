package org.chameleon.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log prints of a message, whoever logs it: as much as a message of the program tells. */
class LogPatternTest {
  private static final List<String> MESSAGES =
      List.of(
          "stage=mix status=done seconds=0.3",
          "write to somebody@example.org",
          "read s3a://key:se/cr+et@bucket/corpus now",
          "from s3a://a:b@c/d to s3a://e:f@g/h.",
          "s3a://key:a/b@c@bucket/corpus",
          "s3a://key:7/Qx@bucket/a",
          "s3a://key@bucket/a",
          "s3a://:secret@bucket",
          "ftp://me:a/b@host/corpus",
          "https://me:123456@host:8443/a",
          "https://me@host/a",
          "jdbc:postgresql://me:pw@host:5432/db",
          "abfss://container@account.dfs.core.windows.net/a@b",
          "abfss://me:secret@account.dfs.core.windows.net/a",
          "wasbs://container@account.blob.core.windows.net/a",
          "oci://bucket@namespace/a",
          "hdfs://nn:8020/a/x@b",
          "http://host:8080/a@b and more",
          "s3a://bucket/mail@example.org/x",
          "https://a/b?sv=1&sig=x%2By%3D&se=2",
          "read https://a/b?X-Amz-Security-Token=12ab: 403",
          "https://me:a/b@host/c?access_key=q&n=1");

  @Test
  void theLogHidesWhatMessagesHide() throws IOException, InterruptedException {
    assertThat(printed(MESSAGES))
        .containsExactlyElementsOf(MESSAGES.stream().map(Secrets::hidden).toList());
  }

  /** Logs its arguments, in a process of its own that is configured as clusters are. */
  public static void main(String[] arguments) {
    Logger log = LoggerFactory.getLogger(LogPatternTest.class);
    for (String message : arguments) {
      log.info("{}", message);
    }
  }

  private static List<String> printed(List<String> messages)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.add("-Dlog4j2.configurationFile=" + Path.of("conf/log4j2.properties").toUri());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LogPatternTest.class.getName());
    command.addAll(messages);
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader log = process.errorReader(UTF_8)) {
      String time = "\\d\\d:\\d\\d:\\d\\d ";
      List<String> lines =
          log.lines()
              .filter(line -> line.matches(time + ".*"))
              .map(line -> line.replaceFirst(time, ""))
              .toList();
      assertThat(process.waitFor()).isZero();
      return lines;
    }
  }
}
