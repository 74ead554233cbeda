package org.chameleon.corpus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Text as it is read. Half of a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD here and
 * nowhere else, so that what is counted, embedded and written is the same.
 */
public final class Utf8 {
  private static final int REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * A text.
   *
   * @param value all of it
   * @param repaired whether halves of surrogate pairs were replaced in it
   */
  public record Text(String value, boolean repaired) {}

  /** Returns the text of bytes; null where they are not UTF-8. */
  static Text decode(ByteBuffer bytes) {
    String text = strictly(bytes.duplicate());
    if (text != null) {
      return new Text(text, false);
    }
    // Some writers put out each half of a pair as three bytes of its own.
    String rejoined = strictly(ByteBuffer.wrap(withoutSurrogates(bytes)));
    return rejoined == null ? null : new Text(rejoined, true);
  }

  /** Returns the text of bytes, with U+FFFD for what is not UTF-8. */
  static String decodeLeniently(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** Returns a text without halves of surrogate pairs. */
  public static Text repaired(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        repaired = repaired == null ? new StringBuilder(text) : repaired;
        repaired.setCharAt(i, (char) REPLACEMENT);
      }
    }
    return new Text(repaired == null ? text : repaired.toString(), repaired != null);
  }

  private static String strictly(ByteBuffer bytes) {
    if (!bytes.hasArray()) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return strictly(ByteBuffer.wrap(copy));
    }
    int from = bytes.arrayOffset() + bytes.position();
    return isValid(bytes.array(), from, bytes.remaining())
        ? new String(bytes.array(), from, bytes.remaining(), StandardCharsets.UTF_8)
        : null;
  }

  /** Returns whether bytes are UTF-8, without making a text of them. */
  static boolean isValid(byte[] bytes, int from, int length) {
    int end = from + length;
    int i = from;
    while (i < end) {
      int first = bytes[i++];
      if (first >= 0) {
        continue;
      }
      int more =
          first >= -62 && first < -32
              ? 1
              : first >= -32 && first < -16 ? 2 : first >= -16 && first < -11 ? 3 : 0;
      if (more == 0 || end - i < more) {
        return false;
      }
      int second = bytes[i] & 0xFF;
      boolean fits =
          switch (first) {
            case -32 -> second >= 0xA0;
            case -19 -> second < 0xA0;
            case -16 -> second >= 0x90;
            case -12 -> second < 0x90;
            default -> true;
          };
      for (int m = 0; m < more; m++) {
        fits &= (bytes[i++] & 0xC0) == 0x80;
      }
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static byte[] withoutSurrogates(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; ) {
      int first = surrogate(bytes, i);
      int second = first < 0 ? -1 : surrogate(bytes, i + 3);
      if (first < 0) {
        out.write(bytes[i++]);
      } else {
        boolean pair =
            Character.isHighSurrogate((char) first)
                && second >= 0
                && Character.isLowSurrogate((char) second);
        int point = pair ? Character.toCodePoint((char) first, (char) second) : REPLACEMENT;
        out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        i += pair ? 6 : 3;
      }
    }
    return out.toByteArray();
  }

  /** Returns the half of a pair that three bytes encode, or -1. */
  private static int surrogate(byte[] bytes, int at) {
    if (at + 2 >= bytes.length
        || bytes[at] != (byte) 0xED
        || (bytes[at + 1] & 0xE0) != 0xA0
        || (bytes[at + 2] & 0xC0) != 0x80) {
      return -1;
    }
    return 0xD000 | ((bytes[at + 1] & 0x3F) << 6) | (bytes[at + 2] & 0x3F);
  }
}
