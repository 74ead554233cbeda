package org.chameleon.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.chameleon.mixture.Mixture;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.SamplingPlan;

/**
 * What moved between two runs, and what about them differs. Trainers are told of the planned
 * weights, so those are compared where both runs have planned; else the computed ones.
 *
 * @param compared which weights {@code before}, {@code after} and all changes are of
 * @param largestChange of the weight of any domain; a domain that came or went counts with all of
 *     its weight
 * @param rankCorrelation Spearman's, of the compared weights of the domains of both runs, ties at
 *     their middle rank; null for fewer than three domains, or where all weights of a run are equal
 * @param totalVariation half the sum of all changes: the share of the mixture that moved
 * @param domains of either run, by name
 * @param come domains of the later run alone
 * @param gone domains of the earlier run alone
 * @param proxies the models that the embeddings are of
 * @param evidence what was shown of the planned mixtures
 * @param settings and versions that differ, by key
 */
public record RunComparison(
    Compared compared,
    double largestChange,
    Double rankCorrelation,
    double totalVariation,
    List<Change> domains,
    List<String> come,
    List<String> gone,
    Proxies proxies,
    Evidences evidence,
    List<Difference> settings) {
  private static final int FEWEST_RANKED = 3;

  /** Which weights of two runs are compared. */
  public enum Compared {
    /** Those of the plans: after prior, epochs, floors and ceilings. */
    PLANNED,
    /** Those of the mixtures, where one of the runs has no plan of its configuration. */
    COMPUTED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The weight of a domain in both runs.
   *
   * @param name of the domain
   * @param before compared weight in the earlier run, null if it was not there
   * @param after compared weight in the later run, null if it is not there
   * @param change the second minus the first, with nothing as zero
   * @param computed its weights in the mixtures
   * @param planned its weights in the plans; null in a run without one
   * @param dataBefore its share of the earlier corpus, null if unknown
   * @param dataAfter its share of the later corpus, null if unknown
   */
  public record Change(
      String name,
      Double before,
      Double after,
      double change,
      Pair computed,
      Pair planned,
      Double dataBefore,
      Double dataAfter) {
    boolean common() {
      return before != null && after != null;
    }

    /** Returns what the plan moved its weight by besides the mixture, if both runs have both. */
    public Optional<Double> moreByPlan() {
      return common() && planned.before() != null && planned.after() != null
          ? Optional.of(planned.change() - computed.change())
          : Optional.empty();
    }
  }

  /**
   * One number of both runs.
   *
   * @param before in the earlier, or null
   * @param after in the later, or null
   */
  public record Pair(Double before, Double after) {
    double change() {
      return (after == null ? 0 : after) - (before == null ? 0 : before);
    }
  }

  /**
   * The proxies of both runs.
   *
   * @param before of the earlier, or null where embeddings were made elsewhere
   * @param after of the later, or null
   */
  public record Proxies(ProxyIdentity before, ProxyIdentity after) {
    /** Returns whether they are two, or only one of the runs has one. */
    public boolean differ() {
      return !Objects.equals(before, after);
    }
  }

  /**
   * The evidence for the planned mixtures of both runs.
   *
   * @param before of the earlier, or null where it was not evaluated or has no plan
   * @param after of the later, or null
   */
  public record Evidences(Evidence before, Evidence after) {
    /** Returns whether other verdicts were reached, or only one of the runs has one. */
    public boolean differ() {
      if (before == null || after == null) {
        return !Objects.equals(before, after);
      }
      return before.verdict() != after.verdict()
          || !before.mixture().equals(after.mixture())
          || !Objects.equals(before.against(), after.against());
    }
  }

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
    Weighed old = Weighed.of(before);
    Weighed now = Weighed.of(after);
    Compared compared =
        old.planned().isPresent() && now.planned().isPresent()
            ? Compared.PLANNED
            : Compared.COMPUTED;
    SortedSet<String> names = new TreeSet<>(old.mixed().keySet());
    names.addAll(now.mixed().keySet());
    List<Change> changes = names.stream().map(name -> change(name, old, now, compared)).toList();
    return new RunComparison(
        compared,
        changes.stream().mapToDouble(c -> Math.abs(c.change())).max().orElse(0),
        rankCorrelation(changes),
        changes.stream().mapToDouble(c -> Math.abs(c.change())).sum() / 2,
        changes,
        changes.stream().filter(c -> c.before() == null).map(Change::name).toList(),
        changes.stream().filter(c -> c.after() == null).map(Change::name).toList(),
        new Proxies(ProxyIdentity.of(before).orElse(null), ProxyIdentity.of(after).orElse(null)),
        new Evidences(old.evidence(), now.evidence()),
        differences(settings(before), settings(after)));
  }

  private static Double rankCorrelation(List<Change> changes) {
    List<Change> common = changes.stream().filter(Change::common).toList();
    if (common.size() < FEWEST_RANKED) {
      return null;
    }
    double correlation =
        new SpearmansCorrelation()
            .correlation(
                common.stream().mapToDouble(Change::before).toArray(),
                common.stream().mapToDouble(Change::after).toArray());
    return Double.isNaN(correlation) ? null : (Double) correlation;
  }

  private static Change change(String name, Weighed old, Weighed now, Compared compared) {
    Pair computed = new Pair(old.computedWeight(name), now.computedWeight(name));
    Pair planned = new Pair(old.plannedWeight(name), now.plannedWeight(name));
    Pair weight = compared == Compared.PLANNED ? planned : computed;
    return new Change(
        name,
        weight.before(),
        weight.after(),
        weight.change(),
        computed,
        planned,
        old.ofData(name),
        now.ofData(name));
  }

  /**
   * The weights of a run.
   *
   * @param mixed domains of its mixture, by name
   * @param planned weights of its plan, by name, if it has a plan of its configuration
   * @param evidence for what is planned, or null
   */
  private record Weighed(
      Map<String, Mixture.Domain> mixed, Optional<Map<String, Double>> planned, Evidence evidence) {
    static Weighed of(RunDirectory run) {
      run.requireCurrent("compare", Stage.MIX);
      Map<String, Mixture.Domain> mixed = new TreeMap<>();
      run.mixture().domains().forEach(domain -> mixed.put(domain.name(), domain));
      if (!run.isCurrent(Stage.PLAN)) {
        return new Weighed(mixed, Optional.empty(), null);
      }
      SamplingPlan plan = run.plan();
      Map<String, Double> planned = new TreeMap<>();
      plan.domains().forEach(domain -> planned.put(domain.name(), domain.weight()));
      return new Weighed(mixed, Optional.of(planned), plan.evidence());
    }

    Double computedWeight(String domain) {
      Mixture.Domain found = mixed.get(domain);
      return found == null ? null : (Double) found.weight();
    }

    Double plannedWeight(String domain) {
      return planned.map(weights -> weights.get(domain)).orElse(null);
    }

    Double ofData(String domain) {
      Mixture.Domain found = mixed.get(domain);
      return found == null ? null : found.proportional();
    }
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

  /** Returns how many domains both runs have. */
  public int common() {
    return (int) domains.stream().filter(Change::common).count();
  }

  /** Returns the domain that moved most; there is one in any comparison. */
  public Change furthest() {
    return domains.stream()
        .max(Comparator.comparingDouble(c -> Math.abs(c.change())))
        .orElseThrow();
  }
}
