package org.chameleon.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text that people write, told from what is none by its first bytes. */
public final class SourceText {
  private SourceText() {}

  /** How a file begins, in hexadecimal, and what it is then. */
  private record Kind(String beginning, String what) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("1f8b", "compressed with gzip; unpack it"),
          new Kind("28b52ffd", "compressed with zstd; unpack it"),
          new Kind("504b0304", "a zip archive; unpack it"),
          new Kind("50415231", "a Parquet file; give the configuration"),
          new Kind("fffe", "text in UTF-16; save it as UTF-8"),
          new Kind("feff", "text in UTF-16; save it as UTF-8"));

  /**
   * Returns a file's content as text.
   *
   * @throws ConfigurationException if it is not UTF-8
   */
  public static String of(byte[] bytes, String file) {
    StringBuilder beginning = new StringBuilder();
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      beginning.append("%02x".formatted(bytes[i] & 0xFF));
    }
    for (Kind kind : KINDS) {
      if (beginning.toString().startsWith(kind.beginning())) {
        throw refused(file, kind.what());
      }
    }
    if (bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0)) {
      throw refused(file, "text in UTF-16; save it as UTF-8");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused(file, "not UTF-8; save it as that");
    }
  }

  private static ConfigurationException refused(String file, String why) {
    return new ConfigurationException(List.of(file + " is " + why + "."));
  }
}
