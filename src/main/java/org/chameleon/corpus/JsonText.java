package org.chameleon.corpus;

import java.nio.charset.StandardCharsets;

/** The text of a JSON string, without a copy of it as characters on the way. */
final class JsonText {
  private JsonText() {}

  /**
   * Returns the text of a string.
   *
   * @param json of which the string is known to be a part, in UTF-8
   * @param quote place of its first quotation mark
   * @return null where it has escapes that are halves of a pair, or none that there are
   */
  static String at(byte[] json, int quote) {
    int from = quote + 1;
    int end = from;
    boolean escaped = false;
    while (json[end] != '"') {
      escaped |= json[end] == '\\';
      end += json[end] == '\\' ? 2 : 1;
    }
    return escaped
        ? unescaped(json, from, end)
        : new String(json, from, end - from, StandardCharsets.UTF_8);
  }

  private static String unescaped(byte[] json, int from, int end) {
    // An escape is never shorter than what it stands for.
    byte[] text = new byte[end - from];
    int count = 0;
    for (int i = from; i < end; ) {
      if (json[i] != '\\') {
        text[count++] = json[i++];
      } else if (json[i + 1] == 'u') {
        int point = unit(json, i);
        i += 6;
        if (Character.isHighSurrogate((char) point) && i + 6 <= end && json[i + 1] == 'u') {
          int low = unit(json, i);
          if (!Character.isLowSurrogate((char) low)) {
            return null;
          }
          point = Character.toCodePoint((char) point, (char) low);
          i += 6;
        }
        if (point < 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
          return null;
        }
        byte[] encoded = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, text, count, encoded.length);
        count += encoded.length;
      } else {
        int at = "\"\\/bfnrt".indexOf(json[i + 1]);
        if (at < 0) {
          return null;
        }
        text[count++] = (byte) "\"\\/\b\f\n\r\t".charAt(at);
        i += 2;
      }
    }
    return new String(text, 0, count, StandardCharsets.UTF_8);
  }

  /** Returns the number of an escape of four digits, or -1. */
  private static int unit(byte[] json, int at) {
    int unit = json[at] == '\\' ? 0 : -1;
    for (int i = at + 2; i < at + 6 && unit >= 0; i++) {
      int digit = Character.digit(json[i], 16);
      unit = digit < 0 ? -1 : unit * 16 + digit;
    }
    return unit;
  }
}
