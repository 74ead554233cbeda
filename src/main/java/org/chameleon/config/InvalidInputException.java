package org.chameleon.config;

/**
 * Input that cannot be processed as asked. The message names the problem, its cause and the fix,
 * has no secrets, and is all that the command line prints.
 */
public class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message for the person who gave the input. */
  public InvalidInputException(String message) {
    super(Secrets.hidden(message));
  }

  /** Creates the exception with a message for the person who gave the input, and what led to it. */
  public InvalidInputException(String message, Throwable cause) {
    super(Secrets.hidden(message), cause);
  }
}
