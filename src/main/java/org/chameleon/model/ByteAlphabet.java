package org.chameleon.model;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The printable character that stands for each byte in a byte-level vocabulary, as GPT-2 defined
 * it: printable Latin-1 bytes are themselves, the others follow from U+0100.
 */
public final class ByteAlphabet {
  private static final char[] SYMBOLS = symbols();
  private static final Map<Character, Integer> BYTES = bytes();

  private ByteAlphabet() {}

  private static char[] symbols() {
    char[] symbols = new char[256];
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      symbols[b] = printable ? (char) b : (char) next++;
    }
    return symbols;
  }

  private static Map<Character, Integer> bytes() {
    Map<Character, Integer> bytes = new HashMap<>();
    for (int b = 0; b < 256; b++) {
      bytes.put(SYMBOLS[b], b);
    }
    return bytes;
  }

  /** Returns the symbol of a byte, 0 to 255. */
  public static char symbol(int b) {
    return SYMBOLS[b];
  }

  /** Returns a text's UTF-8 bytes as numbers 0 to 255. */
  public static int[] bytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] result = new int[utf8.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = utf8[i] & 0xff;
    }
    return result;
  }

  /** Returns the bytes in the order that vocabularies list them: by their symbols. */
  public static int[] inOrder() {
    return BYTES.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .mapToInt(Map.Entry::getValue)
        .toArray();
  }
}
