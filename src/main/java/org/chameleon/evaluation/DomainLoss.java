package org.chameleon.evaluation;

import java.io.Serializable;

/**
 * What a model loses on the held-out windows of a domain.
 *
 * @param name the domain
 * @param windows held-out windows
 * @param tokens that were predicted: all of a window but its first
 * @param bytes of UTF-8 that these tokens stand for
 * @param nats their negative log-likelihood, summed over all tokens
 * @param natsPerToken {@code nats / tokens}
 * @param perplexity {@code exp(natsPerToken)}
 * @param bitsPerByte {@code nats / ln 2 / bytes}
 */
public record DomainLoss(
    String name,
    long windows,
    long tokens,
    long bytes,
    double nats,
    double natsPerToken,
    double perplexity,
    double bitsPerByte)
    implements Serializable {

  /** Returns the loss of sums. */
  public static DomainLoss of(String name, long windows, long tokens, long bytes, double nats) {
    double perToken = nats / tokens;
    return new DomainLoss(
        name,
        windows,
        tokens,
        bytes,
        nats,
        perToken,
        Math.exp(perToken),
        nats / Math.log(2) / bytes);
  }
}
