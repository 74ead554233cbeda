package org.chameleon.sampling;

import java.io.Serializable;

/**
 * The tokens of some documents of a domain, and what follows from them for all.
 *
 * @param documents how many were read
 * @param tokens the sum of their tokens
 * @param squares the sum of the squares of their tokens
 * @param unusable how many of them had no usable text
 * @param repaired how many of them had halves of surrogate pairs in their text
 */
record TokenSums(long documents, double tokens, double squares, long unusable, long repaired)
    implements Serializable {

  static final TokenSums NONE = new TokenSums(0, 0, 0, 0, 0);

  /** Returns these with one more document. */
  TokenSums withDocument(long documentTokens, boolean isRepaired) {
    double square = (double) documentTokens * documentTokens;
    return plus(new TokenSums(1, documentTokens, square, 0, isRepaired ? 1 : 0));
  }

  TokenSums plus(TokenSums others) {
    return new TokenSums(
        documents + others.documents,
        tokens + others.tokens,
        squares + others.squares,
        unusable + others.unusable,
        repaired + others.repaired);
  }

  /** Returns these, out of as many documents as were drawn: some had no usable text. */
  TokenSums withDrawn(long drawn) {
    return new TokenSums(drawn, tokens, squares, drawn - documents, repaired);
  }

  /** Returns the tokens of {@code rows} documents with the same mean. */
  long tokensOf(long rows) {
    return Math.round(tokens / documents * rows);
  }

  /** Returns the standard error of {@link #tokensOf}: of a sample without replacement. */
  double standardErrorOf(long rows) {
    if (documents == rows) {
      return 0;
    }
    double mean = tokens / documents;
    double unread = 1 - (double) documents / rows;
    double variance = Math.max(0, squares - documents * mean * mean) / Math.max(1, documents - 1);
    return rows * Math.sqrt(variance * unread / documents);
  }
}
