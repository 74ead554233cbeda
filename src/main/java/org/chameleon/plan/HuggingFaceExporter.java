package org.chameleon.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Arguments of {@code datasets.interleave_datasets}, and a dataset card with one config per domain.
 * The library draws rows, so probabilities are the plan's row probabilities, not its weights; with
 * {@code repeat} each dataset goes round for ever, and the run ends by the trainer's number of
 * steps. Where a file holds several domains, {@code domain_column} says by what to filter it.
 */
final class HuggingFaceExporter implements Exporter {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Map<String, String> files(SamplingPlan plan, CorpusAccess access) {
    List<SamplingPlan.Domain> domains =
        plan.domains().stream().filter(SamplingPlan.Domain::isDrawn).toList();
    ObjectNode root = JSON.createObjectNode();
    ObjectNode files = root.putObject("data_files");
    ArrayNode names = root.putArray("datasets");
    ArrayNode probabilities = root.putArray("probabilities");
    double[] shares = new double[domains.size()];
    for (int i = 0; i < shares.length; i++) {
      SamplingPlan.Domain domain = domains.get(i);
      shares[i] = domain.rowProbability();
      names.add(domain.name());
      access.paths(domain).forEach(files.putArray(domain.name())::add);
    }
    Arrays.stream(Shares.of(shares)).forEach(probabilities::add);
    if (domains.stream().anyMatch(access::isShared)) {
      root.put("domain_column", access.domainColumn());
    }
    root.put("format", format(domains, access));
    root.put("repeat", true);
    root.put("seed", plan.seed());
    root.put("stopping_strategy", "first_exhausted");
    root.put("unit", "rows");
    Map<String, String> result = new TreeMap<>();
    result.put("huggingface.json", root.toPrettyString() + "\n");
    result.put("huggingface.md", card(domains, access));
    return result;
  }

  @Override
  public Optional<String> obstacle(
      List<SamplingPlan.Domain> domains, Optional<String> pathTemplate) {
    return domains.stream().anyMatch(d -> d.rowProbability() == null)
        ? Optional.of("it draws rows, and the corpus's rows and tokens are not known.")
        : Optional.empty();
  }

  /** Returns the builder that reads the files. */
  private static String format(List<SamplingPlan.Domain> domains, CorpusAccess access) {
    boolean json =
        domains.stream()
            .flatMap(domain -> access.paths(domain).stream())
            .anyMatch(path -> path.matches(".*\\.(json|jsonl|ndjson)(\\.gz|\\.zst)?"));
    return json ? "json" : "parquet";
  }

  private static String card(List<SamplingPlan.Domain> domains, CorpusAccess access) {
    StringBuilder card = new StringBuilder("---\nconfigs:\n");
    for (SamplingPlan.Domain domain : domains) {
      card.append("- config_name: ").append(quoted(domain.name())).append('\n');
      card.append("  data_files:\n  - split: train\n    path:\n");
      for (String path : access.paths(domain)) {
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
}
