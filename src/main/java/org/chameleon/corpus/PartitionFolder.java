package org.chameleon.corpus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** The values that folders {@code column=value} give to the rows of the files below them. */
final class PartitionFolder {
  /** What Hive, Spark and Arrow write in place of null. */
  static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  /** Stands for the value of a domain that is left out. */
  static final String LEFT_OUT = "\u0000left out";

  private PartitionFolder() {}

  /** Returns the value of the nearest folder of a column above a file, if there is one. */
  static Optional<String> value(Path file, String column) {
    String prefix = column + "=";
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      if (folder.getName().startsWith(prefix)) {
        return Optional.of(unescaped(folder.getName().substring(prefix.length())));
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a value without its escapes: {@code %XX} is a byte of UTF-8, and a percent sign that
   * begins nothing of the kind stands for itself, since not every writer escapes.
   */
  static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < value.length(); ) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int end = at;
      while (isEscape(value, end)) {
        bytes.write(Integer.parseInt(value.substring(end + 1, end + 3), 16));
        end += 3;
      }
      text.append(end == at ? value.substring(at, ++end) : text(bytes, value.substring(at, end)));
      at = end;
    }
    return text.toString();
  }

  private static String text(ByteArrayOutputStream bytes, String escaped) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return escaped;
    }
  }

  private static boolean isEscape(String value, int at) {
    return at + 2 < value.length()
        && value.charAt(at) == '%'
        && Character.digit(value.charAt(at + 1), 16) >= 0
        && Character.digit(value.charAt(at + 2), 16) >= 0;
  }
}
