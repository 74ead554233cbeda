package org.chameleon.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chameleon.plan.SamplingPlan;

/**
 * Arguments of {@code datasets.interleave_datasets}, and a dataset card with one config per domain.
 * The library draws rows, so probabilities are the plan's row probabilities, not its weights; with
 * {@code repeat} each dataset goes round for ever, and the run ends by the trainer's number of
 * steps. The card's config names are percent-encoded where the library would refuse them; paths are
 * its patterns. Where a file holds several domains, {@code domain_column} says by what to filter
 * it, and {@code domain_values} which values a domain has that is not called like its only one.
 */
final class HuggingFaceExporter implements Exporter {

  @Override
  public Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible {
    List<SamplingPlan.Domain> domains = shares.domains();
    Map<String, Double> probabilities = shares.ofDocuments();
    Map<String, Object> files = new LinkedHashMap<>();
    for (SamplingPlan.Domain domain : domains) {
      files.put(domain.name(), access.patterns(domain));
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("data_files", files);
    root.put("datasets", List.copyOf(probabilities.keySet()));
    root.put("probabilities", List.copyOf(probabilities.values()));
    if (domains.stream().anyMatch(access::isShared)) {
      root.put("domain_column", access.domainColumn());
      if (!access.domainValues().isEmpty()) {
        root.put("domain_values", access.domainValues());
      }
    }
    root.put("format", access.format(domains));
    root.put("repeat", true);
    root.put("seed", shares.plan().seed());
    root.put("stopping_strategy", "first_exhausted");
    root.put("unit", "rows");
    return new Export(
        Map.of("huggingface.json", MixtureFile.json(root), "huggingface.md", card(domains, access)),
        access.sharedFiles(domains));
  }

  private static String card(List<SamplingPlan.Domain> domains, CorpusAccess access)
      throws NotExpressible {
    List<Object> configs = new ArrayList<>();
    for (SamplingPlan.Domain domain : domains) {
      Map<String, Object> split = new LinkedHashMap<>();
      split.put("split", "train");
      split.put("path", access.patterns(domain));
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("config_name", SafeNames.ofConfig(domain.name()));
      config.put("data_files", List.of(split));
      configs.add(config);
    }
    String yaml =
        MixtureFile.yaml("One config per domain of the corpus.", Map.of("configs", configs));
    return "---\n" + yaml + "---\n\nOne config per domain of the corpus.\n";
  }
}
