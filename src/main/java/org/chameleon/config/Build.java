package org.chameleon.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this tool was built from, as Maven wrote it into {@code build.properties}.
 *
 * @param version of the tool
 * @param commit of its sources, or {@code unknown} where they were not in a Git repository
 */
public record Build(String version, String commit) {
  private static final String UNKNOWN = "unknown";

  /** Returns the build of the code that runs. */
  public static Build current() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("/org/chameleon/build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(value(properties, "version"), value(properties, "commit"));
  }

  /** A placeholder that Maven had no value for is left as it is. */
  private static String value(Properties properties, String name) {
    String value = properties.getProperty(name, UNKNOWN);
    return value.startsWith("$") ? UNKNOWN : value;
  }
}
