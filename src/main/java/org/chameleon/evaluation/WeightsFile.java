package org.chameleon.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;

/**
 * Anybody's weights in a file: {@code {"domain": weight, …}}, or something with a list {@code
 * domains} of {@code name} and {@code weight}, such as this tool's own mixtures and plans.
 */
public final class WeightsFile {
  private WeightsFile() {}

  /**
   * Returns the weights by domain, of sum 1.
   *
   * @param where the file, for messages
   * @param domains that there are
   * @throws InvalidInputException if a domain is unknown or missing, or a weight is none
   */
  public static SortedMap<String, Double> read(JsonNode json, String where, List<String> domains) {
    SortedMap<String, Double> weights = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    if (json.path("domains").isArray()) {
      json.path("domains")
          .forEach(d -> add(d.path("name").asText(), d.path("weight"), weights, problems));
    } else {
      json.fields().forEachRemaining(f -> add(f.getKey(), f.getValue(), weights, problems));
    }
    for (String domain : weights.keySet()) {
      if (!domains.contains(domain)) {
        problems.add("'%s' is no domain of the run".formatted(domain));
      }
    }
    for (String domain : domains) {
      if (!weights.containsKey(domain)
          && problems.stream().noneMatch(p -> p.startsWith("'" + domain + "' "))) {
        problems.add("'%s' is missing".formatted(domain));
      }
    }
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    if (problems.isEmpty() && !(sum > 0)) {
      problems.add("all weights are 0");
    }
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          "Cannot try the weights of %s: %s. Give every domain of the run a weight of 0 or more."
              .formatted(where, String.join("; ", problems)));
    }
    weights.replaceAll((domain, weight) -> weight / sum);
    return weights;
  }

  private static void add(
      String domain, JsonNode weight, SortedMap<String, Double> weights, List<String> problems) {
    double value = weight.isNumber() ? weight.doubleValue() : Double.NaN;
    if (!(value >= 0) || Double.isInfinite(value)) {
      problems.add("'%s' has the weight %s".formatted(domain, weight));
    } else if (weights.put(domain, value) != null) {
      problems.add("'%s' stands there twice".formatted(domain));
    }
  }
}
