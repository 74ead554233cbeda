package org.chameleon.export;

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
    return path.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*://.*");
  }

  /** Returns a pattern of Python's globs that a path alone matches. */
  static String escaped(String path) {
    return path.replaceAll("[\\[*?]", "[$0]");
  }
}
