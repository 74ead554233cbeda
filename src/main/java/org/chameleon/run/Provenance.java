package org.chameleon.run;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.chameleon.config.Build;
import org.chameleon.config.Secrets;

/** What a run was made with: the tool, its source, and the versions below it. */
public final class Provenance {
  private Provenance() {}

  /**
   * Returns the record of a run that has not done anything yet.
   *
   * @param configuration as resolved; its secrets are not recorded
   * @param needs the stages that it goes through
   */
  public static RunRecord of(
      JsonNode configuration, String runId, String sparkVersion, List<Stage> needs) {
    Build build = Build.current();
    Properties pytorch = properties("/jnilib/pytorch.properties");
    Map<String, String> versions =
        Map.of(
            "spark", sparkVersion,
            "java", System.getProperty("java.version"),
            "djl", Engine.getDjlVersion(),
            "pytorch", pytorch.getProperty("jni_version", "unknown").replaceFirst("-.*", ""));
    return RunRecord.unchanged(
        new RunRecord.Head(build.version(), build.commit(), runId),
        Secrets.hidden(configuration),
        versions,
        needs.stream().map(Stage::toString).toList());
  }

  private static Properties properties(String resource) {
    Properties properties = new Properties();
    try (InputStream in = Provenance.class.getResourceAsStream(resource)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
