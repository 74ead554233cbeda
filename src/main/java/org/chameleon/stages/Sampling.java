package org.chameleon.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunConfig;
import org.chameleon.corpus.Corpus;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.StageOutput;
import org.chameleon.sampling.DomainSize;
import org.chameleon.sampling.HeldOut;
import org.chameleon.sampling.SampledWindows;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sampling.Windows;

/** The stage of the main path that draws windows: of the domains whose windows no longer hold. */
public final class Sampling {
  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final StageInputs inputs;

  /** Creates the stage of a run. */
  public Sampling(SparkSession spark, RunConfig config, RunDirectory run) {
    this.spark = spark;
    this.config = config;
    this.run = run;
    this.inputs = new StageInputs(config);
  }

  /** Draws windows, and takes over those that still hold. */
  public Counts sample(Corpus corpus, Proxy proxy, StageOutput output) {
    corpus.countInto(output.metrics());
    if (output.earlier().isEmpty()) {
      // All is going to be read: whether the proxy can be used is seen before.
      proxy.ready();
    }
    DomainReuse reuse = DomainReuse.into(output, inputs.windowsOfDomain(run.proxySha256()));
    DomainSizes before =
        output.earlierRun().map(RunDirectory::statistics).orElse(DomainSizes.UNKNOWN);
    Corpus.Unknown unknown = reuse.unknown(corpus, before);
    try (SampledWindows sampled = sampled(unknown.corpus(), proxy)) {
      DomainSizes sizes = reuse.sizes(corpus, unknown, before, sampled.domains(), output);
      long count = sizes.domains().stream().mapToLong(DomainSize::windows).sum();
      List<String> all = sizes.domains().stream().map(DomainSize::name).toList();
      SortedSet<String> rewritten = output.keep(unknown.known(), all, Artifact.WINDOWS);
      Dataset<Row> windows =
          DomainReuse.and(
              sampled.windows(), rewritten, () -> output.earlierRun().orElseThrow().windows(spark));
      output.table(Artifact.WINDOWS, windows, count, all, Windows.WINDOW);
      output.json(Artifact.STATISTICS, sizes);
      return DomainReuse.counts(corpus, unknown)
          .with(Counts.DOMAINS, (long) sizes.domains().size())
          .with(Counts.WINDOWS, count);
    }
  }

  private SampledWindows sampled(Corpus corpus, Proxy proxy) {
    if (corpus.domains().isEmpty()) {
      return new SampledWindows(
          spark.createDataFrame(new ArrayList<>(), Windows.SCHEMA), List.of(), List.of());
    }
    WindowSampler.Seed seed = new WindowSampler.Seed(config.seed(), "sample");
    HeldOut heldOut = HeldOut.of(corpus, config.corpus().heldOut(), config.seed());
    return new WindowSampler(spark, proxy.ready().tokenizer(), config.sample(), seed)
        .withKeptOut(heldOut)
        .sample(corpus);
  }
}
