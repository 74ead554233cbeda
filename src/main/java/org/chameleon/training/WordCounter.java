package org.chameleon.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.DocumentVisitor;
import org.chameleon.model.WordPattern;

/**
 * Counts the words of documents as a byte-level tokenizer splits them: letters, digits or other
 * signs with at most one space before, and runs of white space.
 */
final class WordCounter implements DocumentVisitor {
  /** Characters read of one document, so that one long document is not all that is learnt. */
  private static final int MOST_CHARACTERS = 1 << 16;

  private static final int LONGEST_WORD = 256;

  private final Map<String, Map<String, long[]>> counts = new HashMap<>();

  /** A word of a domain. */
  record Key(String domain, String word) implements Serializable {}

  /** A word of a domain and how often it occurs. */
  record Count(Key key, long count) implements Serializable {}

  @Override
  public void visit(Document document, boolean drawn) {
    Map<String, long[]> ofDomain =
        counts.computeIfAbsent(document.domain(), domain -> new HashMap<>());
    char[] text = beginning(document.text());
    for (int from = 0; from < text.length; ) {
      int end = WordPattern.GPT2.end(text, from);
      if (end - from <= LONGEST_WORD) {
        String word = new String(text, from, end - from);
        ofDomain.computeIfAbsent(word, w -> new long[1])[0]++;
      }
      from = end;
    }
  }

  /** Returns what is read of a text; it ends with a whole character. */
  private static char[] beginning(String text) {
    int end = Math.min(text.length(), MOST_CHARACTERS);
    boolean cuts = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(0, cuts ? end - 1 : end).toCharArray();
  }

  List<Count> counts() {
    List<Count> result = new ArrayList<>();
    counts.forEach(
        (domain, words) ->
            words.forEach((word, n) -> result.add(new Count(new Key(domain, word), n[0]))));
    return result;
  }
}
