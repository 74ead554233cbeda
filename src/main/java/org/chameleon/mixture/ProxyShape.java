package org.chameleon.mixture;

/**
 * The size of the model that embeddings are of.
 *
 * @param layers its layers
 * @param width of its hidden states
 */
public record ProxyShape(int layers, int width) {
  /** The proxy that the paper's absolute λ was chosen with: GPT-2 of 82M parameters. */
  static final ProxyShape PAPER = new ProxyShape(6, 768);

  @Override
  public String toString() {
    return layers + " layers of width " + width;
  }
}
