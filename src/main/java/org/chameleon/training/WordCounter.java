package org.chameleon.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.DocumentVisitor;

/**
 * Counts the words of documents as a byte-level tokenizer splits them: letters, digits or other
 * signs with at most one space before, and runs of white space.
 */
final class WordCounter implements DocumentVisitor {
  /** Characters read of one document, so that one long document is not all that is learnt. */
  private static final int MOST_CHARACTERS = 1 << 16;

  private static final int LONGEST_WORD = 256;
  private static final Pattern WORD =
      Pattern.compile(
          "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<Key, Long> counts = new HashMap<>();

  /** A word of a domain. */
  record Key(String domain, String word) implements Serializable {}

  /** A word of a domain and how often it occurs. */
  record Count(Key key, long count) implements Serializable {}

  @Override
  public void visit(Document document, boolean drawn) {
    String text = document.text();
    Matcher words = WORD.matcher(text).region(0, Math.min(text.length(), MOST_CHARACTERS));
    while (words.find()) {
      if (words.end() - words.start() <= LONGEST_WORD) {
        counts.merge(new Key(document.domain(), words.group()), 1L, Long::sum);
      }
    }
  }

  List<Count> counts() {
    List<Count> result = new ArrayList<>();
    counts.forEach((key, count) -> result.add(new Count(key, count)));
    return result;
  }
}
