package org.chameleon.mixture;

import org.chameleon.embedding.DomainEmbeddings;

/**
 * What else the same domains were embedded by, for how far the weights depend on it.
 *
 * @param key of the configuration that names it
 * @param value of that key
 * @param embeddings of the domains
 */
public record Alternative(String key, String value, DomainEmbeddings embeddings) {
  /** Another hidden state of the proxy, by its index. */
  public static Alternative ofLayer(int layer, DomainEmbeddings embeddings) {
    return new Alternative("embedding.layer", Integer.toString(layer), embeddings);
  }

  /** Another proxy, by the run that it is of. */
  public static Alternative ofProxy(String run, DomainEmbeddings embeddings) {
    return new Alternative("mixture.other-proxies", run, embeddings);
  }
}
