package org.chameleon.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * What to tell people of a failure: our own message where there is one, below whatever wraps it,
 * else what the failure means; and whether trying again can help.
 */
public final class Failures {
  /** The name of a kind of failure, as libraries put it before what they say. */
  private static final Pattern KIND =
      Pattern.compile(
          "\\b(?:(?:[a-z_]\\w*\\.)+(?:\\w+\\$)*[A-Z]\\w*(?:Exception|Error)\\b(?::\\s*)?"
              + "|[A-Z]\\w*(?:Exception|Error):\\s+)");

  private Failures() {}

  /** Returns the message of the innermost refusal, else what the innermost cause means. */
  public static String message(Throwable failure) {
    Throwable found = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException) {
        return KIND.matcher(cause.getMessage()).replaceAll("");
      }
      found = cause;
    }
    return Secrets.hidden(meaning(found, said(found)));
  }

  /** Returns the first line of what a failure says of itself, without the names of kinds; or "". */
  private static String said(Throwable failure) {
    String text = failure.getMessage() == null ? "" : failure.getMessage();
    return KIND.matcher(text).replaceAll("").strip().lines().findFirst().orElse("").strip();
  }

  private static String meaning(Throwable failure, String said) {
    if (failure instanceof OutOfMemoryError) {
      return sentence("Memory was not enough", said)
          + " Give the driver and the executors more: spark.driver.memory, spark.executor.memory.";
    }
    if (failure instanceof UnsatisfiedLinkError) {
      return sentence("A native library cannot be loaded", said)
          + " Put it into spark.jars, or name its folder in PYTORCH_LIBRARY_PATH.";
    }
    if (failure instanceof LinkageError || failure instanceof ClassNotFoundException) {
      return sentence("A library is missing, or is there in another version", said)
          + " Put the one that fits into spark.jars.";
    }
    if (failure instanceof FileNotFoundException || failure instanceof NoSuchFileException) {
      return sentence("A file is not there", said) + " Put it back, or correct the path.";
    }
    if (isRefusedAccess(failure)) {
      return sentence("Access was refused", said) + " Give this user the right to it.";
    }
    if (isSilence(failure)) {
      return sentence("The network or the storage did not answer", said)
          + " See that the host can be reached, and try again.";
    }
    if (isMistake(failure)) {
      return sentence("The program made a mistake", said)
          + " Run it with --verbose, and report what that prints.";
    }
    return said.isEmpty()
        ? "It failed without saying why. Run it with --verbose to see where."
        : said;
  }

  private static String sentence(String meaning, String said) {
    return meaning + (said.isEmpty() ? "." : ": " + said.replaceFirst("\\.$", "") + ".");
  }

  private static boolean isRefusedAccess(Throwable failure) {
    return failure instanceof AccessControlException || failure instanceof AccessDeniedException;
  }

  private static boolean isSilence(Throwable failure) {
    return failure instanceof InterruptedIOException
        || failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || failure instanceof TimeoutException;
  }

  private static boolean isMistake(Throwable failure) {
    return failure instanceof NullPointerException
        || failure instanceof IndexOutOfBoundsException
        || failure instanceof ClassCastException
        || failure instanceof ArithmeticException;
  }

  /**
   * Returns whether the same input and configuration may do better at another time: where an
   * executor was lost or a store did not answer, but not where the input is refused for what it is.
   */
  public static boolean mayPass(Throwable failure) {
    boolean refused = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LinkageError || cause instanceof ClassNotFoundException) {
        return false;
      }
      if (refused && cause instanceof IOException && !isOfContent(cause)) {
        return true;
      }
      refused = refused || cause instanceof InvalidInputException;
    }
    return !refused;
  }

  /** Whether it is about what a file is, not about the way to it. */
  private static boolean isOfContent(Throwable failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof FileSystemException
        || failure instanceof UnsupportedFileSystemException
        || failure instanceof JsonProcessingException
        || failure instanceof CharacterCodingException
        || failure instanceof ZipException
        || isRefusedAccess(failure);
  }
}
