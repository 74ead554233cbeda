package org.chameleon.stages;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunConfig;
import org.chameleon.cluster.Computed;
import org.chameleon.doctor.EngineCheck;
import org.chameleon.embedding.DomainStates;
import org.chameleon.embedding.DomainTable;
import org.chameleon.embedding.Embedder;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.embedding.Reading;
import org.chameleon.embedding.Samples;
import org.chameleon.embedding.WindowTotals;
import org.chameleon.model.Checkpoint;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage of the main path that embeds windows: of the domains whose embeddings no longer hold.
 */
public final class Embedding {
  private static final Logger LOG = LoggerFactory.getLogger(Embedding.class);

  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final StageInputs inputs;

  /** Creates the stage of a run. */
  public Embedding(SparkSession spark, RunConfig config, RunDirectory run) {
    this.spark = spark;
    this.config = config;
    this.run = run;
    this.inputs = new StageInputs(config);
  }

  /** Embeds windows and averages them, and takes over the embeddings that still hold. */
  public Counts embed(Proxy proxy, StageOutput output) {
    SortedSet<String> names = new TreeSet<>(run.fingerprints(Stage.SAMPLE).keySet());
    SortedSet<String> kept = kept(output);
    SortedSet<String> rewritten = output.keep(kept, names, Artifact.SAMPLES, Artifact.STATES);
    Dataset<Row> all = run.windows(spark);
    Dataset<Row> windows = DomainStates.withGroups(DomainReuse.without(all, kept), config.seed());
    WindowTotals.ByDomain domains = WindowTotals.ofDomains(all);
    WindowTotals totals = domains.without(Set.of());
    WindowTotals made = domains.without(kept);
    output.metrics().expectWindows(made.windows());
    Checkpoint checkpoint = made.windows() == 0 ? proxy.made() : proxy.ready();
    Reading reading = Reading.of(checkpoint, config.embedding());
    if (made.windows() > 0 || !rewritten.isEmpty()) {
      Dataset<Row> embedded =
          new Embedder(checkpoint, config.embedding(), output.metrics()).embed(windows, made);
      output.table(
          Artifact.SAMPLES,
          DomainReuse.and(embedded, rewritten, () -> earlier(output).samples(spark)),
          totals.windows(),
          names,
          Samples.WINDOW);
      Dataset<Row> samples = output.written(spark, Artifact.SAMPLES);
      Dataset<Row> states =
          DomainStates.of(DomainReuse.without(samples, rewritten), reading.others());
      output.table(
          Artifact.STATES,
          DomainReuse.and(states, rewritten, () -> earlier(output).states(spark)),
          totals.windows(),
          names,
          DomainStates.GROUP);
    }
    Counts counts =
        writeMeans(output.table(spark, Artifact.STATES), totals.windows(), output)
            .with(Counts.TOKENS, totals.tokens())
            .with(Counts.READING, reading.toString());
    if (!kept.isEmpty()) {
      Counts before = output.earlierCounts();
      counts =
          counts
              .with(Counts.KEPT_DOMAINS, (long) kept.size())
              .with(Counts.DEVICE, before.value(Counts.DEVICE).orElse(null))
              .with(Counts.PRECISION, before.value(Counts.PRECISION).orElse(null));
    }
    double ofToken =
        checkpoint.isModule()
            ? 0
            : checkpoint.shape().forwardFlops(reading.blocks(), config.sample().windowTokens());
    return ofToken == 0 ? counts : counts.with(Counts.FLOPS, ofToken * totals.tokens());
  }

  private static RunDirectory earlier(StageOutput output) {
    return output.earlierRun().orElseThrow();
  }

  /**
   * Returns the domains whose embeddings still hold; none where others would be computed on another
   * kind of device or in another format, since embeddings of two kinds are not compared.
   */
  private SortedSet<String> kept(StageOutput output) {
    DomainReuse reuse = DomainReuse.into(output, inputs.embeddingsOfDomain(run.proxySha256()));
    SortedMap<String, String> windows = run.fingerprints(Stage.SAMPLE);
    SortedSet<String> kept = reuse.holding(windows, output);
    if (kept.isEmpty() || kept.containsAll(windows.keySet())) {
      return kept;
    }
    Computed now = EngineCheck.computed(spark.sparkContext(), config.embedding());
    Computed before = output.earlierCounts().computed().orElse(now);
    if (before.isLike(now)) {
      return kept;
    }
    LOG.warn(
        "embed: all domains are embedded anew: embeddings of before were computed on {}, now on {}",
        before,
        now);
    return new TreeSet<>();
  }

  /** Averages embeddings that were made elsewhere. */
  public Counts average(ExternalSamples samples, StageOutput output) {
    long count = samples.count();
    output.table(Artifact.SAMPLES, samples.rows(), count, Samples.DOMAIN, Samples.WINDOW);
    Dataset<Row> states = DomainStates.of(output.table(spark, Artifact.SAMPLES), config.seed());
    output.table(Artifact.STATES, states, count, DomainStates.DOMAIN, DomainStates.GROUP);
    return writeMeans(output.table(spark, Artifact.STATES), count, output);
  }

  private Counts writeMeans(Dataset<Row> states, long count, StageOutput output) {
    long domains = DomainStates.domains(states);
    output.smallTable(Artifact.MEANS, DomainTable.rows(states, domains), DomainTable.SCHEMA);
    return Counts.NONE.with(Counts.DOMAINS, domains).with(Counts.WINDOWS, count);
  }
}
