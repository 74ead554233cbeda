package org.chameleon;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.chameleon.RunRecord.StageRecord;
import org.chameleon.config.Build;

/** What a run was made with: the tool, its source, and the versions below it. */
final class Provenance {
  private Provenance() {}

  /** Returns the record of a run that has not done anything yet. */
  static RunRecord of(RunConfig config, String runId, String sparkVersion) {
    Build build = Build.current();
    Properties pytorch = properties("/jnilib/pytorch.properties");
    Map<String, String> versions =
        Map.of(
            "spark", sparkVersion,
            "java", System.getProperty("java.version"),
            "djl", Engine.getDjlVersion(),
            "pytorch", pytorch.getProperty("jni_version", "unknown").replaceFirst("-.*", ""));
    return new RunRecord(
        RunRecord.SCHEMA_VERSION,
        "chameleon",
        build.version(),
        build.commit(),
        runId,
        withoutSecrets(Json.configuration(config)),
        versions,
        Map.<String, StageRecord>of());
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

  /** Removes user names and passwords from URIs, and signatures behind their question marks. */
  private static JsonNode withoutSecrets(JsonNode node) {
    if (node.isTextual()) {
      return TextNode.valueOf(
          node.textValue()
              .replaceAll("://[^/@\\s]+@", "://***@")
              .replaceAll("(?i)([?&][^=&]*(key|token|secret|sig|password)[^=&]*=)[^&]*", "$1***"));
    }
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(name -> object.set(name, withoutSecrets(object.get(name))));
    } else if (node.isArray()) {
      com.fasterxml.jackson.databind.node.ArrayNode array =
          (com.fasterxml.jackson.databind.node.ArrayNode) node;
      for (int i = 0; i < array.size(); i++) {
        array.set(i, withoutSecrets(array.get(i)));
      }
    }
    return node;
  }
}
