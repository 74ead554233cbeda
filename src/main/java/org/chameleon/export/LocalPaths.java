package org.chameleon.export;

import java.nio.charset.StandardCharsets;

/** Paths as trainers in Python expect them. */
final class LocalPaths {
  private LocalPaths() {}

  /**
   * Returns {@code /a/b} for {@code file:/a/b} and {@code file:///a/b}, {@code s3://} for Hadoop's
   * {@code s3a://}, and other URIs as they are.
   */
  static String plain(String path) {
    if (path.startsWith("s3a://")) {
      return "s3://" + path.substring("s3a://".length());
    }
    return path.startsWith("file:") ? path.replaceFirst("^file:/+", "/") : path;
  }

  /** Returns whether a plain path is a URI of a store. */
  static boolean isRemote(String path) {
    return path.matches("[A-Za-z][A-Za-z0-9+.-]*://.*");
  }

  /** Returns a name of a file or folder that stands for a domain and for no other. */
  static String fileName(String domain) {
    StringBuilder name = new StringBuilder();
    for (byte b : domain.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          Character.isLetterOrDigit(b) || b == '-' || b == '_' || (b == '.' && name.length() > 0);
      name.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xFF));
    }
    return name.toString();
  }
}
