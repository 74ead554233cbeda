package org.chameleon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read of a failure, and whether they should try again. */
class FailuresTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new OutOfMemoryError("Java heap space"),
            "Memory was not enough: Java heap space. Give the driver and the executors more: spark.driver.memory, spark.executor.memory."),
        Arguments.of(
            new NoClassDefFoundError("io/delta/Table"),
            "A library is missing, or is there in another version: io/delta/Table. Put the one that fits into spark.jars."),
        Arguments.of(
            new UnsatisfiedLinkError("no torch in java.library.path"),
            "A native library cannot be loaded: no torch in java.library.path. Put it into spark.jars, or name its folder in PYTORCH_LIBRARY_PATH."),
        Arguments.of(
            new SocketTimeoutException("Read timed out"),
            "The network or the storage did not answer: Read timed out. See that the host can be reached, and try again."),
        Arguments.of(
            new AccessControlException("Permission denied: user=me"),
            "Access was refused: Permission denied: user=me. Give this user the right to it."),
        Arguments.of(
            new NoSuchFileException("/a/b"),
            "A file is not there: /a/b. Put it back, or correct the path."),
        Arguments.of(
            new IndexOutOfBoundsException("Index 5 out of bounds for length 3"),
            "The program made a mistake: Index 5 out of bounds for length 3. Run it with --verbose, and report what that prints."),
        Arguments.of(
            new NullPointerException(),
            "The program made a mistake. Run it with --verbose, and report what that prints."),
        Arguments.of(
            new SparkException(
                "Job aborted due to stage failure: Task 0 failed: java.io.IOException: disk full\n\tat a.B.c(B.java:1)"),
            "Job aborted due to stage failure: Task 0 failed: disk full"),
        Arguments.of(
            new IllegalStateException((String) null),
            "It failed without saying why. Run it with --verbose to see where."),
        Arguments.of(
            new IllegalStateException(
                "outer",
                new InvalidInputException(
                    "Cannot list x: com.amazonaws.s3.model.AmazonS3Exception: Forbidden.")),
            "Cannot list x: Forbidden."));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsSaidInOneLineWithoutTheNameOfItsClass(Throwable failure, String message) {
    assertThat(Failures.message(failure)).isEqualTo(message).doesNotContain("\n");
  }

  @Test
  void keysOfSettingsAreNoNamesOfClasses() {
    String message = "Set spark.sql.ansi.enabled or plan.paths.TARGET: see org.example.Thing.";
    assertThat(Failures.message(new InvalidInputException(message))).isEqualTo(message);
  }

  @Test
  void whatIsRefusedForWhatItIsDoesNotPass() {
    InvalidInputException refusal = new InvalidInputException("Cannot use 9 layers.");
    assertThat(Failures.mayPass(refusal)).isFalse();
    assertThat(Failures.mayPass(new IllegalStateException("task 3", refusal))).isFalse();
    assertThat(Failures.mayPass(refused(new FileNotFoundException("x")))).isFalse();
    assertThat(Failures.mayPass(refused(new AccessControlException("x")))).isFalse();
    assertThat(Failures.mayPass(refused(new JsonParseException(null, "x")))).isFalse();
    assertThat(Failures.mayPass(new UnsatisfiedLinkError("no torch"))).isFalse();
  }

  @Test
  void whatDidNotAnswerMayPass() {
    assertThat(Failures.mayPass(refused(new ConnectException("refused")))).isTrue();
    assertThat(Failures.mayPass(refused(new IOException("503 Slow Down")))).isTrue();
    assertThat(Failures.mayPass(refused(new IllegalStateException(new SocketTimeoutException()))))
        .isTrue();
    assertThat(Failures.mayPass(new SparkException("executor 3 was lost"))).isTrue();
    assertThat(Failures.mayPass(new OutOfMemoryError("Java heap space"))).isTrue();
  }

  private static InvalidInputException refused(Throwable cause) {
    return new InvalidInputException("Cannot read x.", cause);
  }
}
