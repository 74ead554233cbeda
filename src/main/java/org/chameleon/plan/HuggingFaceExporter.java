package org.chameleon.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.DomainFiles;

/**
 * Arguments of {@code datasets.interleave_datasets}, and a dataset card with one config per domain.
 * The library draws rows, so probabilities are the plan's row probabilities, not its weights; with
 * {@code repeat} null (for ever) on each dataset the run ends by the trainer's number of steps.
 */
final class HuggingFaceExporter implements Exporter {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Map<String, String> files(SamplingPlan plan, Optional<String> pathTemplate) {
    List<SamplingPlan.Domain> domains =
        plan.domains().stream().filter(d -> d.tokens() > 0).toList();
    ObjectNode root = JSON.createObjectNode();
    ObjectNode files = root.putObject("data_files");
    ArrayNode names = root.putArray("datasets");
    ArrayNode probabilities = root.putArray("probabilities");
    double[] shares = new double[domains.size()];
    for (int i = 0; i < shares.length; i++) {
      SamplingPlan.Domain domain = domains.get(i);
      if (domain.rowProbability() == null) {
        throw new InvalidInputException(
            ("Cannot export domain '%s' to huggingface: the library draws rows, and the domain's rows"
                    + " and tokens are not known. Give the corpus, or drop this export.")
                .formatted(domain.name()));
      }
      shares[i] = domain.rowProbability();
      names.add(domain.name());
      paths(domain, pathTemplate).forEach(files.putArray(domain.name())::add);
    }
    double sum = java.util.Arrays.stream(shares).sum();
    double[] printed =
        SamplingPlan.decimals(java.util.Arrays.stream(shares).map(s -> s / sum).toArray());
    java.util.Arrays.stream(printed).forEach(probabilities::add);
    root.putNull("repeat");
    root.put("seed", plan.seed());
    root.put("stopping_strategy", "first_exhausted");
    root.put("unit", "rows");
    Map<String, String> result = new TreeMap<>();
    result.put("huggingface.json", pretty(root));
    result.put("huggingface.md", card(domains, pathTemplate));
    return result;
  }

  private static List<String> paths(SamplingPlan.Domain domain, Optional<String> pathTemplate) {
    if (pathTemplate.isPresent()) {
      return List.of(pathTemplate.get().replace("{domain}", domain.name()));
    }
    for (DomainFiles.Source source : domain.sources()) {
      if (source.shared()) {
        throw new InvalidInputException(
            ("Cannot export domain '%s' to huggingface: %s holds other domains too. Set"
                    + " plan.paths.huggingface to where each domain is, or split the files.")
                .formatted(domain.name(), source.path()));
      }
    }
    return domain.sources().stream().map(s -> LocalPaths.plain(s.path())).toList();
  }

  private static String card(List<SamplingPlan.Domain> domains, Optional<String> pathTemplate) {
    StringBuilder card = new StringBuilder("---\nconfigs:\n");
    for (SamplingPlan.Domain domain : domains) {
      card.append("- config_name: ").append(quoted(domain.name())).append('\n');
      card.append("  data_files:\n  - split: train\n    path:\n");
      for (String path : paths(domain, pathTemplate)) {
        card.append("    - ").append(quoted(path)).append('\n');
      }
    }
    return card.append("---\n\nOne config per domain of the corpus.\n").toString();
  }

  /** JSON strings are YAML strings. */
  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pretty(ObjectNode node) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
