package org.chameleon.plan;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The mixture files of all trainers asked for. */
public final class Exports {
  private Exports() {}

  /**
   * Returns the content of each file below {@code plan/exports}, by name.
   *
   * @param domainColumn the column that tells domains apart in a file that holds several
   */
  public static Map<String, String> of(SamplingPlan plan, PlanConfig config, String domainColumn) {
    Map<String, String> files = new TreeMap<>();
    for (ExportTarget target : config.exports()) {
      Optional<String> template = config.template(target);
      if (target.exporter().obstacle(plan.domains(), template).isEmpty()) {
        files.putAll(target.exporter().files(plan, new CorpusAccess(template, domainColumn)));
      }
    }
    return files;
  }
}
