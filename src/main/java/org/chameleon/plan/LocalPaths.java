package org.chameleon.plan;

/** Paths as trainers in Python expect them: plain where local, URIs elsewhere. */
final class LocalPaths {
  private LocalPaths() {}

  /**
   * Returns {@code /a/b} for {@code file:/a/b} and {@code file:///a/b}, and other URIs as they are.
   */
  static String plain(String path) {
    return path.startsWith("file:") ? path.replaceFirst("^file:/+", "/") : path;
  }
}
