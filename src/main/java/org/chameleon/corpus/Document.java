package org.chameleon.corpus;

/**
 * One row of the corpus: text, or the ids of its tokens.
 *
 * @param domain the domain it belongs to
 * @param ordinal its number among the documents of its domain, files in the order of their paths;
 *     -1 where a scan ran on beyond its split into a domain that the split does not have
 * @param file the path of its file
 * @param row its row in the file
 * @param text its text, or null when the corpus holds token ids
 * @param tokens its token ids, or null when the corpus holds text
 * @param repaired whether halves of surrogate pairs in the text were replaced by U+FFFD
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: a carrier on its way to the tokenizer
public record Document(
    String domain,
    long ordinal,
    String file,
    long row,
    String text,
    int[] tokens,
    boolean repaired) {

  /** Returns a document of which only the place is known. */
  static Document at(String domain, long ordinal, String file, long row) {
    return new Document(domain, ordinal, file, row, null, null, false);
  }

  /** Returns this with its text. */
  Document withText(Utf8.Text content) {
    return new Document(
        domain, ordinal, file, row, content.value(), null, repaired || content.repaired());
  }

  /** Returns this with its token ids. */
  Document withTokens(int[] ids) {
    return new Document(domain, ordinal, file, row, null, ids, repaired);
  }
}
