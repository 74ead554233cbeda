package org.chameleon.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.mixture.Warning;

/** The mixture files of all trainers asked for. */
public final class Exports {
  private Exports() {}

  /**
   * Writes a plan for every trainer that can be told of it, and says which could not.
   *
   * @param folder where the files will be
   */
  public static Export of(
      SamplingPlan plan, PlanConfig config, CorpusConfig corpus, String folder) {
    Map<String, String> files = new TreeMap<>();
    List<Warning> warnings = new ArrayList<>();
    for (ExportTarget target : config.exports()) {
      CorpusAccess access = new CorpusAccess(target, config, corpus, folder);
      try {
        Export export = target.exporter().export(plan, access);
        files.putAll(export.files());
        warnings.addAll(export.warnings());
      } catch (NotExpressible e) {
        String message = "No file was written for %s: %s".formatted(target, e.getMessage());
        warnings.add(new Warning("NOT_EXPORTED", List.of(), message));
      }
    }
    return new Export(files, warnings);
  }
}
