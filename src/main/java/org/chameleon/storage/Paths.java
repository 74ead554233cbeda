package org.chameleon.storage;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Paths as people write them. */
public final class Paths {
  private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  private Paths() {}

  /**
   * Returns the path of a text: a URI, or a path of the default file system in which a colon is a
   * character like any other, as in {@code part-12:30.parquet}.
   *
   * @throws IllegalArgumentException if it is empty or no path
   */
  public static Path of(String text) {
    boolean plain = !text.isEmpty() && !WITH_SCHEME.matcher(text).matches();
    return plain ? new Path(null, null, text) : new Path(text);
  }

  /** Returns a path as a pattern that it alone fits, for libraries that take patterns. */
  public static String literal(String path) {
    return path.replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
  }

  /** Returns the path of a name in a folder, whatever characters the name has. */
  public static Path in(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }
}
