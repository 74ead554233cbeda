package org.chameleon.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.chameleon.mixture.Mixture;

/**
 * What moved between two runs, and what about them differs.
 *
 * @param largestChange of the weight of any domain; a domain that came or went counts with all of
 *     its weight
 * @param totalVariation half the sum of all changes: the share of the mixture that moved
 * @param domains of either run, by name
 * @param come domains of the later run alone
 * @param gone domains of the earlier run alone
 * @param settings and versions that differ, by key
 */
public record RunComparison(
    double largestChange,
    double totalVariation,
    List<Change> domains,
    List<String> come,
    List<String> gone,
    List<Difference> settings) {

  /**
   * The weight of a domain in both runs.
   *
   * @param name of the domain
   * @param before weight in the earlier run, null if it was not there
   * @param after weight in the later run, null if it is not there
   * @param change the second minus the first, with nothing as zero
   * @param dataBefore its share of the earlier corpus, null if unknown
   * @param dataAfter its share of the later corpus, null if unknown
   */
  public record Change(
      String name,
      Double before,
      Double after,
      double change,
      Double dataBefore,
      Double dataAfter) {}

  /**
   * A setting that is not the same.
   *
   * @param key as in the configuration, or {@code tool.version}, {@code versions.spark} and so on
   * @param before its earlier value, as JSON but for the quotes of a text; null if it was not set
   * @param after its later value; null if it is not set
   */
  public record Difference(String key, String before, String after) {}

  /**
   * Compares two runs that have mixtures.
   *
   * @throws InvalidInputException if one of them has none
   */
  public static RunComparison of(RunDirectory before, RunDirectory after) {
    Map<String, Mixture.Domain> old = weights(before);
    Map<String, Mixture.Domain> now = weights(after);
    SortedSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      Mixture.Domain was = old.get(name);
      Mixture.Domain is = now.get(name);
      changes.add(
          new Change(
              name,
              was == null ? null : (Double) was.weight(),
              is == null ? null : (Double) is.weight(),
              (is == null ? 0 : is.weight()) - (was == null ? 0 : was.weight()),
              was == null ? null : was.proportional(),
              is == null ? null : is.proportional()));
    }
    return new RunComparison(
        changes.stream().mapToDouble(c -> Math.abs(c.change())).max().orElse(0),
        changes.stream().mapToDouble(c -> Math.abs(c.change())).sum() / 2,
        changes,
        changes.stream().filter(c -> c.before() == null).map(Change::name).toList(),
        changes.stream().filter(c -> c.after() == null).map(Change::name).toList(),
        differences(settings(before), settings(after)));
  }

  private static Map<String, Mixture.Domain> weights(RunDirectory run) {
    run.requireCurrent("compare", Stage.MIX);
    return run.mixture().domains().stream()
        .collect(Collectors.toMap(Mixture.Domain::name, d -> d, (a, b) -> a, TreeMap::new));
  }

  /** Settings by key, and what the run was made with. A stage's inputs stand for the corpus. */
  private static Map<String, String> settings(RunDirectory run) {
    Map<String, String> settings = new TreeMap<>();
    RunRecord record = run.record("compare");
    flatten("", record.configuration(), settings);
    settings.remove("output");
    settings.put("tool.version", record.version());
    settings.put("tool.commit", record.commit());
    record.versions().forEach((name, version) -> settings.put("versions." + name, version));
    StageRecord embed = record.stage(Stage.EMBED);
    if (embed != null) {
      computedOn(embed.counts()).ifPresent(on -> settings.put("embedding computed on", on));
    }
    return settings;
  }

  private static Optional<String> computedOn(Counts counts) {
    return counts
        .value(Counts.DEVICE)
        .map(device -> device + " " + counts.value(Counts.PRECISION).orElse("unknown"));
  }

  private static void flatten(String key, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              field ->
                  flatten(
                      key.isEmpty() ? field.getKey() : key + "." + field.getKey(),
                      field.getValue(),
                      into));
    } else if (!node.isNull()) {
      into.put(key, node.isTextual() ? node.textValue() : node.toString());
    }
  }

  private static List<Difference> differences(Map<String, String> before, Map<String, String> now) {
    SortedSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(before.get(key), now.get(key)))
        .map(key -> new Difference(key, before.get(key), now.get(key)))
        .toList();
  }

  /** Returns the domain that moved most; there is one in any comparison. */
  public Change furthest() {
    return domains.stream()
        .max(Comparator.comparingDouble(c -> Math.abs(c.change())))
        .orElseThrow();
  }
}
