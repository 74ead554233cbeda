package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.cluster.Computed;
import org.chameleon.config.Build;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.WordOrLists;
import org.chameleon.corpus.Corpus;
import org.chameleon.doctor.EngineCheck;
import org.chameleon.mixture.MixtureConfig;
import org.chameleon.plan.MixtureOrigin;
import org.chameleon.run.Change;
import org.chameleon.run.RunChange;
import org.chameleon.run.RunComparison;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.RunRecord;
import org.chameleon.run.RunStatus;
import org.chameleon.run.Stage;
import org.chameleon.sampling.DomainSize;
import org.chameleon.stages.DomainReuse;
import org.chameleon.stages.StageInputs;
import org.chameleon.storage.Json;
import org.chameleon.storage.Verifier;

/**
 * Changes the domains of a finished run: those that are new or other than they were are sampled and
 * embedded with the proxy that the run has, and nothing else is. What comes out is what a run of
 * the changed corpus with that proxy gives, bit for bit.
 */
public final class DomainChange {
  private static final Set<String> FREE =
      Set.of("corpus", "mixture", "plan", "evaluation", "report", "output");

  /** Stands for a weight so small that it is 0. */
  private static final double LEAST = 1e-300;

  private final SparkSession spark;
  private final RunDirectory run;
  private final RunConfig recorded;
  private final RunConfig asked;
  private final String runId;
  private final Corpus corpus;

  /**
   * Opens a finished run and its corpus.
   *
   * @param run open for writing
   * @param asked as {@link #configuration} returns it
   * @param runId what the run's record calls this submission
   * @throws InvalidInputException if the run has not ended, is of another version, or anything of
   *     it is not as it recorded
   */
  public DomainChange(SparkSession spark, RunDirectory run, RunConfig asked, String runId) {
    this.spark = spark;
    this.run = run;
    this.asked = asked;
    this.runId = runId;
    this.recorded = RunConfig.of(run.record("change").configuration());
    requireEnded();
    this.corpus = Corpus.open(spark, recorded.corpus());
    requireAsRecorded();
  }

  /**
   * Returns what is asked of a change: the run's configuration, with what is said otherwise. Its
   * corpus is the run's, or where a file is given, what that names.
   *
   * @param file configuration file, or null
   * @param overrides values by key, stronger than the file
   * @throws InvalidInputException if what the embeddings of the run depend on is said otherwise
   */
  public static RunConfig configuration(
      RunDirectory run, String file, Map<String, String> overrides, Configuration hadoop) {
    JsonNode record = run.record("change").configuration();
    Map<String, String> all = new LinkedHashMap<>(overrides);
    all.put("output", run.toString());
    RunConfig config = RunConfig.changing(record, file, all, hadoop);
    String refusal =
        "Cannot change %s: %%s not as the run had it. Only mixture, plan, evaluation and report may be said otherwise here; else run it again with --resume."
            .formatted(run);
    RecordedSettings.requireSame(config, record, FREE, refusal);
    if (!form(Json.configuration(config.corpus())).equals(form(record.path("corpus")))) {
      throw new InvalidInputException(refusal.formatted("corpus but for path and domains is"));
    }
    return config;
  }

  private static JsonNode form(JsonNode corpus) {
    ObjectNode rest = corpus.deepCopy();
    return rest.remove(List.of("path", "domains", "leave-out", "merge"));
  }

  private void requireEnded() {
    if (recorded.embedding().from().isPresent()) {
      throw cannot("it was made from embeddings. Change those, and run it again with --resume");
    }
    RunRecord record = run.record("change");
    if (!record.version().equals(Build.current().version())) {
      throw cannot(
          "version %s made it, and this is %s. Run it again with --resume"
              .formatted(record.version(), Build.current().version()));
    }
    List<String> problems = RunStatus.of(run, Stage.REPORT, null).problems();
    if (!problems.isEmpty()) {
      throw cannot(
          "it has not ended. %s Run it again with --resume".formatted(String.join(" ", problems)));
    }
    if (RecordedSettings.hideSecrets(recorded)) {
      throw cannot(
          "the run does not record the secrets of its inputs. Run it again with --resume and the configuration of the changed corpus: it samples and embeds only what has changed");
    }
    if (asked.plan().from() == MixtureOrigin.RECOMMENDED) {
      throw cannot(
          "its plan is that of an evaluation of the domains as they were. Add --set plan.from=computed, and evaluate it again");
    }
  }

  private void requireAsRecorded() {
    DomainReuse reuse =
        new DomainReuse(
            run.fingerprints(Stage.SAMPLE),
            run.counts(Stage.SAMPLE),
            new StageInputs(recorded).windowsOfDomain(run.proxySha256()));
    Corpus.Unknown unknown = reuse.unknown(corpus, run.statistics());
    for (DomainSize domain : run.statistics().domains()) {
      if (!unknown.known().contains(domain.name())) {
        throw cannot(
            "the files of domain '%s' have changed since, such as %s. Run it again with --resume first, which samples and embeds that domain anew"
                .formatted(domain.name(), domain.sources().get(0).path()));
      }
    }
    if (!unknown.corpus().domains().isEmpty()) {
      throw cannot(
          "its corpus has further domains since, such as '%s'. Run it again with --resume first, which samples and embeds them"
              .formatted(unknown.corpus().domains().firstKey()));
    }
    List<String> problems = run.problems(Verifier.here(run.folder()), Stage.TRAIN);
    if (!problems.isEmpty()) {
      throw cannot(
          "its proxy is not the one that it was made with. %s Restore it, or run again with --overwrite"
              .formatted(String.join(" ", problems)));
    }
  }

  private InvalidInputException cannot(String why) {
    return new InvalidInputException("Cannot change %s: %s.".formatted(run, why));
  }

  /**
   * A change that has been made, and not been put in place yet.
   *
   * @param change what the run's record will say of it
   * @param directory the changed run
   * @param moved what it moved
   */
  public record Made(Change change, RunDirectory directory, RunComparison moved) {
    /** Returns the domain untouched by the change whose weight it moves most, if there is one. */
    public Optional<RunComparison.Change> furthest() {
      return moved.domains().stream()
          .filter(domain -> domain.before() != null && domain.after() != null)
          .filter(domain -> !change.made().contains(domain.name()))
          .max(Comparator.comparingDouble(domain -> Math.abs(domain.change())));
    }
  }

  /**
   * Adds the domains that the configuration names.
   *
   * @param replace whether they may take the place of others
   * @param reuse whether the others keep their proportions among each other
   */
  public Made add(boolean replace, boolean reuse) {
    ChangedCorpus.Changed changed = corpora().with(asked.corpus(), replace);
    return make("add", changed, reuse ? reusing(changed.made()) : mixture());
  }

  private MixtureConfig reusing(Set<String> made) {
    if (!asked.mixture().families().equals(WordOrLists.of("none"))) {
      throw cannot(
          "mixture.families is set, and --reuse keeps proportions of domains. Leave out --reuse, or add --set mixture.families=none");
    }
    Map<String, Double> kept = new TreeMap<>();
    run.mixture().domains().stream()
        .filter(domain -> !made.contains(domain.name()))
        .forEach(domain -> kept.put(domain.name(), Math.max(LEAST, domain.weight())));
    return asked.mixture().withReuse(kept);
  }

  /** Proportions that an earlier change kept are kept by it alone, unless they are asked for. */
  private MixtureConfig mixture() {
    boolean earlier = asked.mixture().reuse().equals(recorded.mixture().reuse());
    return earlier ? asked.mixture().withReuse(Map.of()) : asked.mixture();
  }

  /** Removes domains. */
  public Made remove(Collection<String> domains) {
    return make("remove", corpora().without(domains), mixture());
  }

  /** Makes one domain of several. */
  public Made merge(String into, Collection<String> domains) {
    return make("merge", corpora().merged(into, domains), mixture());
  }

  /** Makes the parts that the configuration names of the domain whose files they have. */
  public Made split() {
    return make("split", corpora().split(asked.corpus()), mixture());
  }

  private ChangedCorpus corpora() {
    return new ChangedCorpus(spark, recorded.corpus(), run.statistics().domains());
  }

  private Made make(String what, ChangedCorpus.Changed changed, MixtureConfig mixture) {
    RunConfig config = asked.withCorpus(changed.config()).withMixture(mixture);
    if (!changed.made().isEmpty()) {
      requireSameDevice();
    }
    RunDirectory made = new RunChange(run).begin(List.of(what, Json.configuration(config)));
    new Chameleon(spark, config, made, runId).change();
    SortedMap<String, Double> before = new TreeMap<>();
    run.plan().domains().forEach(domain -> before.put(domain.name(), domain.weight()));
    Change change =
        new Change(
            what,
            List.copyOf(changed.made()),
            List.copyOf(changed.gone()),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            runId,
            before);
    return new Made(change, made, RunComparison.of(run, made));
  }

  private void requireSameDevice() {
    Optional<Computed> before = run.counts(Stage.EMBED).computed();
    Computed now = EngineCheck.computed(spark.sparkContext(), asked.embedding());
    if (before.isPresent() && !before.get().isLike(now)) {
      throw cannot(
          "its embeddings were computed on %s, and here it would be %s, which gives others. Change it where it was made, or run it again with --resume, which embeds all domains anew"
              .formatted(before.get(), now));
    }
  }

  /** Puts a change in place. */
  public void commit(Made made) {
    new RunChange(run).commit(made.directory(), made.change());
  }
}
