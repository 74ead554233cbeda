package org.chameleon.config;

/**
 * What to tell people of a failure: our own message where there is one, below whatever wraps it.
 */
public final class Failures {
  private Failures() {}

  /** Returns the message of the innermost refusal, else of the innermost cause. */
  public static String message(Throwable failure) {
    Throwable found = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException) {
        return cause.getMessage();
      }
      found = cause;
    }
    String message = found.getMessage();
    return Secrets.hidden(
        message == null ? found.toString() : found.getClass().getSimpleName() + ": " + message);
  }
}
