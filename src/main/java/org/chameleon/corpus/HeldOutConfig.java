package org.chameleon.corpus;

import org.chameleon.config.Range;

/**
 * How many documents of each domain are kept out of all training and sampling, to measure on.
 *
 * @param fraction most of a domain's documents, as a fraction; 0: none are held out
 * @param maxTokens most tokens of a domain that are measured on; so few documents more are held out
 *     than these need
 */
public record HeldOutConfig(
    @Range(min = 0, max = 0.5) double fraction, @Range(min = 1, max = 100_000_000) long maxTokens) {

  /** Nothing is held out. */
  public static final HeldOutConfig OFF = new HeldOutConfig(0, 1);
}
