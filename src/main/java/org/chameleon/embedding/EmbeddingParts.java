package org.chameleon.embedding;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;

/**
 * The embeddings of many domains, in parts that lie wherever they do. Which domains are in a part,
 * and in which order, depends on nothing but them: what is summed part by part has the same bits
 * wherever it is computed.
 */
public interface EmbeddingParts {
  /** What is computed of a part, there. */
  @FunctionalInterface
  interface Work<T> extends Serializable {
    /** Returns what comes of the embeddings of a part, ordered by name. */
    T of(Iterator<DomainEmbedding> part);
  }

  /** Returns what comes of each part, in the order of parts. */
  <T> List<T> each(Work<T> work);

  /** Returns the sum of arrays of one length, added in the order of parts. */
  double[] sum(Work<double[]> work);

  /** Returns the number of coordinates of each embedding. */
  int width();
}
