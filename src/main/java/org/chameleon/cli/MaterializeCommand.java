package org.chameleon.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.chameleon.Materialization;
import org.chameleon.RunDirectory;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.ShardFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon materialize}: the mixed, shuffled corpus of a run's plan. */
@Command(name = "materialize", description = "Write the mixed corpus that a run planned.")
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

  @Override
  public void run() {
    try (Session session = Session.start()) {
      RunDirectory directory =
          RunDirectory.at(run, session.spark().sparkContext().hadoopConfiguration());
      Materialization materialization = new Materialization(session.spark(), directory);
      print(
          materialization.write(
              output, new Materialization.Options(seed, format, shardSize, overwrite)));
    }
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
    out.printf("corpus    %s%n", output);
    out.flush();
  }
}
