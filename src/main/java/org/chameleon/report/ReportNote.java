package org.chameleon.report;

/** Something about how a run was computed that the reader of its page should know. */
public enum ReportNote {
  /** {@code embedding.precision = auto} found a device that multiplies bfloat16. */
  BFLOAT16_CHOSEN(
      "embedding.precision = auto chose bfloat16 for the matrix products of the embeddings. On the"
          + " quick-start corpus, with the proxy that is trained there, every weight was within 0.0001"
          + " of what embedding.precision = float32 gives.");

  private final String text;

  ReportNote(String text) {
    this.text = text;
  }

  /** Returns one or two sentences for people. */
  public String text() {
    return text;
  }
}
