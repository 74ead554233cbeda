package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * How a byte-level tokenizer splits a text into words before bytes are merged: one of the patterns
 * that are in use, each as its regular expression says, but read off by hand.
 *
 * <p>Letters, digits and white space are Unicode's. A character that this Java does not know may be
 * one to a tokenizer that is newer: {@link #knows} tells. Here it is a sign.
 */
public enum WordPattern {
  /**
   * That of GPT-2: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|
   * ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+}.
   */
  GPT2("", 0),
  /** That of Llama 3, with at most three digits to a word. */
  LLAMA3("\\p{N}{1,3}", 3),
  /** That of Qwen 2, with one digit to a word. */
  QWEN2("\\p{N}", 1);

  private static final String LATER =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final byte UNKNOWN = 0;
  private static final byte LETTER = 1;
  private static final byte DIGIT = 2;
  private static final byte SPACE = 3;
  private static final byte SIGN = 4;

  /** An s in capitals: a pattern that ignores case takes it for one. */
  private static final int LONG_S = 0x17F;

  private static final byte[] KINDS = kinds();

  private final String regex;
  private final int digits;

  WordPattern(String digitsRegex, int digits) {
    this.regex = digitsRegex.isEmpty() ? "" : LATER.formatted(digitsRegex);
    this.digits = digits;
  }

  /** Returns the pattern of a {@code tokenizer.json}, if it is one of these. */
  static Optional<WordPattern> of(JsonNode preTokenizer) {
    if (isByteLevel(preTokenizer, true)) {
      return Optional.of(GPT2);
    }
    JsonNode steps = preTokenizer.path("pretokenizers");
    JsonNode split = steps.path(0);
    boolean isolates =
        preTokenizer.path("type").asText().equals("Sequence")
            && steps.size() == 2
            && split.path("type").asText().equals("Split")
            && split.path("behavior").asText().equals("Isolated")
            && !split.path("invert").asBoolean()
            && isByteLevel(steps.path(1), false);
    for (WordPattern pattern : values()) {
      String found = split.path("pattern").path("Regex").asText();
      if (isolates && !pattern.regex.isEmpty() && pattern.regex.equals(found)) {
        return Optional.of(pattern);
      }
    }
    return Optional.empty();
  }

  private static boolean isByteLevel(JsonNode step, boolean splits) {
    return step.path("type").asText().equals("ByteLevel")
        && !step.path("add_prefix_space").asBoolean(true)
        && step.path("use_regex").asBoolean(true) == splits;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[1 << 16];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = kindOf(c);
    }
    return kinds;
  }

  private static byte kindOf(int point) {
    return switch (Character.getType(point)) {
      case Character.UNASSIGNED, Character.SURROGATE -> UNKNOWN;
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> DIGIT;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      default -> (point >= '\t' && point <= '\r') || point == 0x85 ? SPACE : SIGN;
    };
  }

  private static byte kind(char[] text, int at) {
    byte kind = knownKind(text, at);
    return kind == UNKNOWN ? SIGN : kind;
  }

  private static byte knownKind(char[] text, int at) {
    return width(text, at) == 2
        ? kindOf(Character.toCodePoint(text[at], text[at + 1]))
        : KINDS[text[at]];
  }

  /** Returns whether all characters of a text are known. */
  boolean knows(char[] text) {
    for (int i = 0; i < text.length; i += width(text, i)) {
      if (knownKind(text, i) == UNKNOWN || (text[i] == LONG_S && this != GPT2)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the end of the word that begins at a place. */
  public int end(char[] text, int from) {
    return this == GPT2 ? endOfFirst(text, from) : endOfLater(text, from);
  }

  private static int endOfFirst(char[] text, int from) {
    int contraction = contraction(text, from, 0);
    if (contraction > 0) {
      return from + contraction;
    }
    byte kind = kind(text, from);
    if (text[from] == ' ' && from + 1 < text.length) {
      byte next = kind(text, from + 1);
      if (next != SPACE) {
        return run(text, from + 1, next);
      }
    }
    int end = run(text, from, kind);
    return kind == SPACE ? beforeWord(text, from, end) : end;
  }

  private int endOfLater(char[] text, int from) {
    int contraction = contraction(text, from, 0x20);
    if (contraction > 0) {
      return from + contraction;
    }
    byte kind = kind(text, from);
    if (kind == LETTER) {
      return run(text, from, LETTER);
    }
    if (kind == DIGIT) {
      return digits(text, from);
    }
    int next = from + width(text, from);
    boolean follows = next < text.length;
    if (!isBreak(text[from]) && follows && kind(text, next) == LETTER) {
      return run(text, next, LETTER);
    }
    boolean spaced = text[from] == ' ' && follows && kind(text, next) == SIGN;
    if (kind == SIGN || spaced) {
      int end = run(text, spaced ? next : from, SIGN);
      while (end < text.length && isBreak(text[end])) {
        end++;
      }
      return end;
    }
    int end = run(text, from, SPACE);
    for (int i = end - 1; i >= from; i--) {
      if (isBreak(text[i])) {
        return i + 1;
      }
    }
    return beforeWord(text, from, end);
  }

  private int digits(char[] text, int from) {
    int end = from;
    for (int i = 0; i < digits && end < text.length && kind(text, end) == DIGIT; i++) {
      end += width(text, end);
    }
    return end;
  }

  private static boolean isBreak(char c) {
    return c == '\r' || c == '\n';
  }

  private static int width(char[] text, int at) {
    return Character.isHighSurrogate(text[at]) && at + 1 < text.length ? 2 : 1;
  }

  private static int run(char[] text, int from, byte kind) {
    int end = from;
    while (end < text.length && kind(text, end) == kind) {
      end += width(text, end);
    }
    return end;
  }

  /** The last of several spaces before a word is the word's. */
  private static int beforeWord(char[] text, int from, int end) {
    return end == text.length || end == from + 1 ? end : end - 1;
  }

  /**
   * Returns the length of an English contraction at a place, or 0.
   *
   * @param ignored bit that tells capitals, if they are taken too
   */
  private static int contraction(char[] text, int from, int ignored) {
    if (text[from] != '\'' || from + 1 == text.length) {
      return 0;
    }
    int first = text[from + 1] | ignored;
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return 2;
    }
    int second = from + 2 < text.length ? text[from + 2] | ignored : 0;
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? 3 : 0;
  }
}
