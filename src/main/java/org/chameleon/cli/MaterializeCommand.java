package org.chameleon.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.chameleon.Materialization;
import org.chameleon.RunConfig;
import org.chameleon.config.Secrets;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.ShardFormat;
import org.chameleon.run.RunDirectory;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chameleon materialize}: the mixed, shuffled corpus of a run's plan. */
@Command(
    name = "materialize",
    description = "Write the mixed corpus that a run planned.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon materialize --run runs/a --output mixed/a --shard-size 256MB")
final class MaterializeCommand implements Runnable {
  private static final String ROW = "%-24s %9s %9s %16s %8s%n";

  @Spec private CommandSpec spec;

  @Option(names = "--run", required = true, description = "run directory")
  private String run;

  @Option(names = "--output", required = true, description = "folder of the corpus, any Hadoop URI")
  private String output;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}")
  private ShardFormat format = ShardFormat.PARQUET;

  @Option(
      names = "--shard-size",
      converter = ByteSize.class,
      description = "size of a file, about (default 256MB)")
  private Long shardSize = 256_000_000L;

  @Option(names = "--seed", description = "of what is drawn and its order (default: the run's)")
  private Long seed;

  @Option(names = "--overwrite", description = "replace the mixed corpus in the output")
  private boolean overwrite;

  @Option(
      names = "--config",
      description =
          "configuration of the run, where its corpus has secrets, which are not recorded")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "a configuration value of the run, beside --config; repeatable")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Override
  public void run() {
    RunConfig given = given();
    try (Session session = Session.start()) {
      RunDirectory directory =
          RunDirectory.at(run, session.spark().sparkContext().hadoopConfiguration());
      Materialization materialization = new Materialization(session.spark(), directory, given);
      print(
          materialization.write(
              output, new Materialization.Options(seed, format, shardSize, overwrite)));
    }
  }

  private RunConfig given() {
    if (config == null && !overrides.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--set is read beside --config: give both, or neither.");
    }
    Map<String, String> all = new LinkedHashMap<>(overrides);
    all.putIfAbsent("output", run);
    return config == null ? null : RunConfig.load(config, all, HadoopSettings.ofSubmission());
  }

  private void print(MixedCorpus mixed) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, ROW, "domain", "planned", "realised", "tokens", "epochs");
    for (MixedCorpus.Domain domain : mixed.domains()) {
      out.printf(
          Locale.ROOT,
          ROW,
          MixtureTable.shortened(domain.name()),
          MixtureTable.percent(domain.weight()),
          MixtureTable.percent(domain.share()),
          "%,d".formatted(domain.tokens()),
          String.format(Locale.ROOT, "%.2f", domain.epochs()));
    }
    out.printf(
        Locale.ROOT,
        "%n%,d documents, %,d tokens in %d files; no share is off by more than %.3f %%%n",
        mixed.rows(),
        mixed.tokens(),
        mixed.files().size(),
        100 * mixed.largestDifference());
    out.printf("corpus    %s%n", Secrets.hidden(output));
    out.flush();
  }
}
