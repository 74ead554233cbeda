package org.chameleon.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text that people write, told from what is none by its first bytes. */
public final class SourceText {
  private SourceText() {}

  /**
   * Returns a file's content as text.
   *
   * @throws ConfigurationException if it is not UTF-8
   */
  public static String of(byte[] bytes, String file) {
    FirstBytes.kind(bytes)
        .ifPresent(
            kind -> {
              String remedy = kind.startsWith("UTF-") ? "save it as UTF-8" : "give the text itself";
              throw refused(file, kind + "; " + remedy);
            });
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
