package org.chameleon.export;

/** A trainer cannot be told of a plan; the message says why and what to do. */
final class NotExpressible extends Exception {
  private static final long serialVersionUID = 1L;

  NotExpressible(String message) {
    super(message);
  }
}
