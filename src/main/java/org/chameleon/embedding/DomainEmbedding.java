package org.chameleon.embedding;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedding of one domain.
 *
 * @param domain its name
 * @param samples number of distinct sample embeddings in the mean
 * @param mean their mean, as wide as the proxy
 * @param groups disjoint random groups of the samples, from which the spread of whatever is
 *     computed from the mean can be estimated; fewer than two where there are too few samples
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; copied by those who change it
public record DomainEmbedding(String domain, long samples, double[] mean, List<Group> groups)
    implements Serializable {
  /**
   * A group of samples.
   *
   * @param samples number of them
   * @param mean their mean
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  public record Group(long samples, double[] mean) implements Serializable {}

  /** Copies the list. */
  public DomainEmbedding {
    groups = new ArrayList<>(groups);
  }
}
