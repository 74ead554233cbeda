package org.chameleon.sampling;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.model.Tokenizer;

/** Counts the tokens of documents, on executors. */
public final class DocumentTokenCounter implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<String> tokenizer;

  private DocumentTokenCounter(Broadcast<String> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Sends executors what they need to count the tokens of a corpus.
   *
   * @param tokenizer content of a {@code tokenizer.json}; not used for a corpus of token ids
   */
  public static DocumentTokenCounter of(SparkSession spark, Corpus corpus, String tokenizer) {
    return new DocumentTokenCounter(
        corpus.holdsTokens()
            ? null
            : new JavaSparkContext(spark.sparkContext()).broadcast(tokenizer));
  }

  /** Returns the number of tokens of a document. */
  public int count(Document document) {
    return document.tokens() != null
        ? document.tokens().length
        : Tokenizer.of(tokenizer.value()).encode(document.text()).length;
  }
}
