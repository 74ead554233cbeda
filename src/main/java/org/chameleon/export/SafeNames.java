package org.chameleon.export;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Names of domains as their readers take them. What a reader would refuse, or take for something
 * else, is percent-encoded as in a URI, and so is the percent sign: decoding gives the domain, and
 * no two domains get one name.
 */
final class SafeNames {
  /** Most bytes of a name; file systems take 255. */
  private static final int LONGEST = 200;

  private static final Pattern CONFIG = Pattern.compile("[<>:/\\\\|?*%\\p{Cntrl}]|^\\.+$");

  private static final Pattern LISTED = Pattern.compile("[,%\\p{Cntrl}]|^\\s+|\\s+$");

  /** Segments that stand for other folders, and what would be taken for encoded. */
  private static final Pattern SEGMENT =
      Pattern.compile("(?<=^|/)\\.{1,2}(?=/|$)|^/+|/+$|(?<=/)/+|%(?=2[EF5])|\\x00");

  private SafeNames() {}

  /** Returns a name of one file or folder, on any file system. */
  static String ofFile(String domain) {
    StringBuilder name = new StringBuilder();
    for (byte b : domain.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          Character.isLetterOrDigit(b) || b == '-' || b == '_' || (b == '.' && name.length() > 0);
      name.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xFF));
    }
    return name.length() <= LONGEST
        ? name.toString()
        : name.substring(0, LONGEST - 17) + "~" + DigestUtils.sha256Hex(domain).substring(0, 16);
  }

  /**
   * Returns a name that Hugging Face's {@code BuilderConfig} takes, and that can be a folder of a
   * cache: without {@code <>:/\|?*}.
   */
  static String ofConfig(String domain) {
    return encoded(domain, CONFIG);
  }

  /** Returns a name that can stand in a list with commas whose elements are stripped. */
  static String inList(String domain) {
    return encoded(domain, LISTED);
  }

  /**
   * Returns a domain as a part of a path. Slashes make folders; a segment that would lead to
   * another folder, such as {@code ..}, is encoded, and so are slashes that would be dropped.
   */
  static String inPath(String domain) {
    return encoded(domain, SEGMENT);
  }

  /** Returns a text with every byte of what matches percent-encoded. */
  static String encoded(String text, Pattern unsafe) {
    return unsafe.matcher(text).replaceAll(SafeNames::percent);
  }

  private static String percent(MatchResult match) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : match.group().getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format(Locale.ROOT, "%%%02X", b & 0xFF));
    }
    return Matcher.quoteReplacement(encoded.toString());
  }
}
