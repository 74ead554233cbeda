package org.chameleon.plan;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The mixture files of all trainers asked for. */
public final class Exports {
  private Exports() {}

  /** Returns the content of each file below {@code plan/exports}, by name. */
  public static Map<String, String> of(SamplingPlan plan, PlanConfig config) {
    Map<String, String> files = new TreeMap<>();
    for (ExportTarget target : config.exports()) {
      Optional<String> template = Optional.ofNullable(config.paths().get(target.toString()));
      files.putAll(target.exporter().files(plan, template));
    }
    return files;
  }
}
