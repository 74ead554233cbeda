package org.chameleon.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.PlanConfig;
import org.chameleon.plan.SamplingPlan;

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
    DrawnShares shares = new DrawnShares(plan);
    for (ExportTarget target : config.exports()) {
      CorpusAccess access = new CorpusAccess(target, config, corpus, folder);
      try {
        Export export = exporter(target).export(shares, access);
        files.putAll(export.files());
        warnings.addAll(export.warnings());
      } catch (NotExpressible e) {
        String message = "No file was written for %s: %s".formatted(target, e.getMessage());
        warnings.add(new Warning("NOT_EXPORTED", List.of(), message));
      }
    }
    return new Export(files, warnings);
  }

  /** Returns the exporter of a trainer: without a default, a new trainer does not compile. */
  private static Exporter exporter(ExportTarget target) {
    return switch (target) {
      case MEGATRON -> new MegatronExporter();
      case HUGGINGFACE -> new HuggingFaceExporter();
      case MOSAIC -> new MosaicExporter();
      case OLMO_CORE -> new OlmoCoreExporter();
      case LLAMA_FACTORY -> new LlamaFactoryExporter();
      case NANOTRON -> new NanotronExporter();
      case LEVANTER -> new LevanterExporter();
      case GRAIN -> new GrainExporter();
      case LITDATA -> new LitDataExporter();
      case TORCHTITAN -> new TorchtitanExporter();
      case TRL -> new TrlExporter();
      case AXOLOTL -> new AxolotlExporter();
    };
  }
}
